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

  test('?schema= names the schema of the tables and of the records', async () => {
    const db = await database()
    await query(db.ownerUrl, 'create schema apart')
    await apply(`${db.ownerUrl}?schema=apart`, { '001_thing': thingTable })
    const made = `select to_regclass('apart.things') is not null as things,
      to_regclass('apart._prisma_migrations') is not null as records`
    expect(await query(db.ownerUrl, made)).toEqual([{ things: true, records: true }])
  })

  test('times are recorded correctly in any time zone of the database', async () => {
    const db = await database()
    await query(db.ownerUrl, `alter database ${db.name} set timezone to 'America/Asuncion'`)
    await apply(db.ownerUrl, { '001_thing': thingTable })
    const late = `select abs(extract(epoch from now() - finished_at)) < 60 as now from _prisma_migrations`
    expect(await query(db.ownerUrl, late)).toEqual([{ now: true }])
  })
})
