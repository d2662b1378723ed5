import { withClient } from '@vetcita/postgres'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../src/engine.ts'
import { database, query, thingTable } from './project.ts'

/** Applies migrations with the CLI's requests but without the CLI; returns what was printed and the error. */
async function apply(url: string, migrations: Record<string, string>) {
  const printed: string[] = []
  const invocation = { url, shadowUrl: undefined, schemaFiles: [], command: 'serve' } as const
  const engine = createEngine(invocation, (text) => printed.push(text))
  const migrationDirectories = Object.entries(migrations).map(([path, value]) => ({
    path,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
  }))
  const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' }
  const outcome = await engine
    .call('applyMigrations', {
      migrationsList: { baseDir: '/migrations', lockfile, shadowDbInitScript: '', migrationDirectories },
      filters: { externalTables: [], externalEnums: [] },
    })
    .then(
      () => ({ message: undefined, code: undefined }),
      ({ message, code }: { message: string; code?: string }) => ({ message, code }),
    )
  await engine.close()
  return { printed, ...outcome }
}

/** Settings that a server, a database or a role may have, each against what a program expects. */
const hostileSettings = [
  `DateStyle = 'German, DMY'`,
  `TimeZone = 'Asia/Tokyo'`,
  'search_path = vetcita_owner, pg_catalog',
  'standard_conforming_strings = off',
  'bytea_output = escape',
  `IntervalStyle = 'iso_8601'`,
  `statement_timeout = '200ms'`,
  `lock_timeout = '50ms'`,
  `idle_session_timeout = '300ms'`,
  `client_encoding = 'LATIN1'`,
]

const history = `select migration_name as name, finished_at is not null as finished
  from _prisma_migrations order by started_at`

describe('applying migrations', () => {
  test("a file without begin and commit is one transaction too, and the error contains the server's detail", async () => {
    const db = await database()
    const { code, message, printed } = await apply(db.ownerUrl, {
      '001_twice': `${thingTable} do $$ begin raise notice 'so far'; end $$; insert into things values (1), (1);`,
      '002_never': 'select 1;',
    })
    expect(code).toBe('P3018')
    expect(message).toContain('ERROR: duplicate key value violates unique constraint "things_pkey"')
    expect(message).toContain('DETAIL:  Key (id)=(1) already exists.')
    expect(printed).toEqual(['Applying migration `001_twice`', 'NOTICE:  so far'])
    expect(await query(db.ownerUrl, `select to_regclass('things') as things`)).toEqual([{ things: null }])
    expect(await query(db.ownerUrl, history)).toEqual([{ name: '001_twice', finished: false }])
  })

  test('a file without its commit fails with a sentence and leaves nothing', async () => {
    const db = await database()
    const { code, message } = await apply(db.ownerUrl, { '001_open': `begin;\n${thingTable}` })
    expect(code).toBe('P3018')
    expect(message).toContain('a "commit;" is missing')
    expect(await query(db.ownerUrl, `select to_regclass('things') as things`)).toEqual([{ things: null }])
    expect(await query(db.ownerUrl, history)).toEqual([{ name: '001_open', finished: false }])
  })

  test('a raised exception is reported with its hint, a syntax error with its line', async () => {
    const [one, other] = [await database(), await database()]
    const raised = `do $$ begin raise exception 'no role' using hint = 'create role anon;'; end $$;`
    expect((await apply(one.ownerUrl, { '001_raised': raised })).message).toContain(
      'Database error code: P0001\n\nDatabase error:\nERROR: no role\nHINT:  create role anon;\nCONTEXT:  PL/pgSQL',
    )
    expect((await apply(other.ownerUrl, { '001_typo': "select 'é';\n\nselct 1;" })).message).toContain(
      'ERROR: syntax error at or near "selct"\nLINE:  3',
    )
  })

  test('a connection cut in the middle is reported in a sentence and recorded', async () => {
    const db = await database()
    const cut = `${thingTable} select pg_terminate_backend(pg_backend_pid());`
    const { code, message } = await apply(db.ownerUrl, { '001_cut': cut })
    expect(code).toBe('P3018')
    expect(message).toContain('terminating connection due to administrator command')
    expect(await query(db.ownerUrl, history)).toEqual([{ name: '001_cut', finished: false }])
  })

  test('a schema named like the user changes nothing: tables and records are in public', async () => {
    const db = await database()
    await query(db.ownerUrl, 'create schema vetcita_owner')
    await apply(`${db.ownerUrl}?schema=public`, { '001_thing': thingTable })
    const made = `select to_regclass('public.things') is not null as things,
      to_regclass('public._prisma_migrations') is not null as records`
    expect(await query(db.ownerUrl, made)).toEqual([{ things: true, records: true }])
    expect((await apply(`${db.ownerUrl}?schema=vetcita_owner`, {})).message).toContain(
      'schema=vetcita_owner, but the tables are in the schema public',
    )
  })

  test('settings of the role and the database change nothing, and end no long statement', async () => {
    const db = await database()
    for (const setting of hostileSettings)
      await query(db.url, `alter role vetcita_owner in database ${db.name} set ${setting}`)
    const { code, message } = await apply(db.ownerUrl, {
      '001_long': `${thingTable} insert into things select 1 from pg_sleep(0.4);`,
      '002_text': `create table texts as select 'a\\b' as plain, '1 day'::interval::text as days, 'ñ' as letter;`,
    })
    expect({ code, message }).toEqual({ code: undefined, message: undefined })
    expect(await query(db.url, 'select plain, days, letter from public.texts')).toEqual([
      { plain: 'a\\b', days: '1 day', letter: 'ñ' },
    ])
    const late = `select abs(extract(epoch from now() - finished_at)) < 60 as now from public._prisma_migrations`
    expect(await query(db.url, late)).toEqual([{ now: true }, { now: true }])
  })

  test('a connection that is lost takes the lock with it, and the next migration does not begin', async () => {
    const db = await database()
    const { code, message } = await apply(db.ownerUrl, {
      '001_good': thingTable,
      // it ends the session after the script, when the engine is about to record it
      '002_cut': `insert into things values (1);
        commit; begin; select pg_terminate_backend(pg_backend_pid());`,
      '003_never': 'insert into things values (3);',
    })
    expect(code).toBe('P3018')
    expect(message).toContain('terminating connection')
    expect(await query(db.url, 'select id from things')).toEqual([{ id: 1 }])
    expect(await query(db.url, `select migration_name as name from _prisma_migrations`)).toEqual([
      { name: '001_good' },
      { name: '002_cut' },
    ])
  })

  test('PostgREST is notified once, after the last migration', async () => {
    const db = await database()
    const heard: string[] = []
    await withClient(db.ownerUrl, async (client) => {
      client.on('notification', ({ payload = '' }) => heard.push(payload))
      await client.query('listen pgrst')
      await apply(db.ownerUrl, { '001_thing': thingTable, '002_next': 'insert into things values (1);' })
      await client.query('select')
    })
    expect(heard).toEqual(['reload schema'])
  })

  test('a migration has one checksum, whatever the line ends of the checkout', async () => {
    const [unix, windows] = [await database(), await database()]
    const sql = `create table things (\n  id integer primary key\n);\n`
    await apply(unix.ownerUrl, { '001_thing': sql })
    await apply(windows.ownerUrl, { '001_thing': sql.replaceAll('\n', '\r\n') })
    const checksum = 'select checksum from _prisma_migrations'
    expect(await query(windows.url, checksum)).toEqual(await query(unix.url, checksum))
  })

  test('times are recorded correctly in any time zone of the database', async () => {
    const db = await database()
    await query(db.ownerUrl, `alter database ${db.name} set timezone to 'America/Asuncion'`)
    await apply(db.ownerUrl, { '001_thing': thingTable })
    const late = `select abs(extract(epoch from now() - finished_at)) < 60 as now from _prisma_migrations`
    expect(await query(db.ownerUrl, late)).toEqual([{ now: true }])
  })
})
