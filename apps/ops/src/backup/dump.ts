import { randomBytes } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { productSchemas } from '@vetcita/catalogue/catalogue'
import { tablesNeverAnalyzed } from '@vetcita/catalogue/statistics'
import { pinnedSession } from '@vetcita/connection/session'
import pg from 'pg'
import { z } from 'zod'
import { connect, type Target, withClient } from '../database.ts'
import { Failure } from '../failure.ts'
import { tidied } from '../interrupt.ts'
import { libpqEnvironment, runProgram } from '../libpq.ts'
import { makeRestorable, type Restoring } from './restorable.ts'

const ownExtension = 'btree_gist'

/** A dump that was written; `needs` says what of it restores only where the left-out schemas are. */
export type Dump = Pick<DumpPlan, 'pgDump' | 'leftOut' | 'needs'> & { bytes: number }

/**
 * Dumps the product's schemas (tables, functions, rights, history, data) as SQL that psql restores into an empty database.
 * A platform's own schemas are left out: it creates them itself, and they are rarely readable.
 *
 * @throws Failure if pg_dump is missing, too old for the server, or fails
 */
export async function dumpDatabase(target: Target, file: string): Promise<Dump> {
  const plan = await planDump(target)
  const part = `${file}.part`
  // the file gets its name only when it is complete
  return await tidied(
    async (signal) => {
      const env = libpqEnvironment(target)
      const { code, stderr } = await runProgram('pg_dump', [...plan.args, `--file=${part}.sql`], {
        env,
        signal,
      })
      if (code !== 0) throw new Failure(`pg_dump failed: ${stderr.trim().split('\n').slice(0, 3).join(' ')}`)
      await makeRestorable(`${part}.sql`, plan, part)
      await rename(part, file)
      const { pgDump, leftOut, needs } = plan
      return { bytes: (await stat(file)).size, pgDump, leftOut, needs }
    },
    async () => {
      for (const rest of [part, `${part}.sql`]) await rm(rest, { force: true })
    },
    'Interrupted; there is no backup.',
  )
}

/** How a database would be dumped: the program, its arguments, the schemas left out, and what then restores only with them. */
export type DumpPlan = Restoring & { pgDump: string; args: string[]; leftOut: string[]; needs: string[] }

/** @throws Failure if pg_dump is missing or too old for the server */
export async function planDump(target: Target): Promise<DumpPlan> {
  const env = libpqEnvironment(target)
  const { stdout } = await runProgram('pg_dump', ['--version'], { env })
  const own = Number(/(\d+)/.exec(stdout)?.[1] ?? 0)
  const { major, others: leftOut, ...restoring } = await withClient(target, lookAtServer)
  if (own < major)
    throw new Failure(
      `pg_dump is version ${own} and the server is ${major}: an older pg_dump can't dump a newer server.`,
      `Install the programs of PostgreSQL ${major}, as in "apt-get install postgresql-client-${major}" from apt.postgresql.org.`,
    )
  return {
    ...restoring,
    pgDump: stdout.trim(),
    args: [
      '--format=plain',
      '--no-password',
      ...leftOut.map((schema) => `--exclude-schema="${schema.replaceAll('"', '""')}"`),
      ...(restoring.extensionSchema === null ? [] : [`--extension=${ownExtension}`]),
    ],
    leftOut,
  }
}

const server = z.object({
  major: z.number(),
  others: z.array(z.string()),
  extensionSchema: z.string().nullable(),
  settings: z.array(z.string()),
  tables: z.array(z.string()),
  keys: z.array(z.object({ table: z.string(), name: z.string(), references: z.string() })),
  needs: z.array(z.string()),
})

async function lookAtServer(client: pg.Client): Promise<z.infer<typeof server>> {
  const { rows } = await client.query(
    `with others as (
       select oid, nspname::text as name from pg_namespace
       where nspname <> all ($1) and nspname !~ '^pg_' and nspname <> 'information_schema'
     ), ours as (
       select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any ($1)
     ), parts (class, id, what) as (
       select 'pg_attrdef'::regclass, d.oid, format('the default of %s.%I', o.name, a.attname)
       from pg_attrdef d join ours o on o.oid = d.adrelid
       join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
       union all select 'pg_rewrite'::regclass, r.oid, format('view %s', o.name)
       from pg_rewrite r join ours o on o.oid = r.ev_class
       union all select 'pg_policy'::regclass, p.oid, format('policy %I on %s', p.polname, o.name)
       from pg_policy p join ours o on o.oid = p.polrelid
       union all select 'pg_trigger'::regclass, t.oid, format('trigger %I on %s', t.tgname, o.name)
       from pg_trigger t join ours o on o.oid = t.tgrelid where not t.tgisinternal
       union all select 'pg_class'::regclass, o.oid, format('table %s', o.name) from ours o
       union all select 'pg_proc'::regclass, f.oid, format('function %s', f.oid::regprocedure)
       from pg_proc f join pg_namespace n on n.oid = f.pronamespace where n.nspname = any ($1)
     ), needed (class, id, what) as (
       select 'pg_class'::regclass, c.oid, format('%s.%I', o.name, c.relname) from pg_class c join others o on o.oid = c.relnamespace
       union all select 'pg_proc'::regclass, f.oid, format('%s.%I()', o.name, f.proname) from pg_proc f join others o on o.oid = f.pronamespace
       union all select 'pg_type'::regclass, t.oid, format('%s.%I', o.name, t.typname) from pg_type t join others o on o.oid = t.typnamespace
     )
     select current_setting('server_version_num')::int / 10000 as major,
       array(select name from others order by 1) as others,
       (select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = $2)
         as "extensionSchema",
       array(select lower(name) from pg_settings) as settings,
       array(select name from ours where relkind = 'r' order by 1) as tables,
       (select coalesce(json_agg(json_build_object('table', o.name, 'name', quote_ident(k.conname),
           'references', format('%I.%I', r.name, c.relname)) order by k.conname), '[]')
        from pg_constraint k join ours o on o.oid = k.conrelid
        join pg_class c on c.oid = k.confrelid join others r on r.oid = c.relnamespace
        where k.contype = 'f') as keys,
       array(
         select distinct format('%s needs %s', p.what, n.what)
         from pg_depend d join parts p on p.class = d.classid and p.id = d.objid
         join needed n on n.class = d.refclassid and n.id = d.refobjid
         where d.deptype = 'n'
           and not exists (select from pg_depend e join pg_extension x on x.oid = e.refobjid
             where e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e' and x.extname = $2)
         order by 1
       ) as needs`,
    [productSchemas, ownExtension],
  )
  const [found] = z.tuple([server]).parse(rows)
  return found
}

/** A table and how many rows it has. */
export type RowCount = { table: string; rows: number }

/**
 * Restores a dump into a scratch database on the same server, compares every table's rows with the original's, and drops
 * it again.
 *
 * @returns the tables whose row counts differ, which happens if rows were written since the dump began
 * @throws Failure if the restore stops at an error
 */
export async function verifyDump(
  target: Target,
  file: string,
): Promise<{ tables: RowCount[]; differing: string[]; neverAnalyzed: string[] }> {
  const scratch = `restore_check_${randomBytes(6).toString('hex')}`
  return await withClient(target, async (admin) => {
    await createScratch(admin, scratch)
    return await tidied(
      async (signal) => {
        const { code, stderr } = await runProgram(
          'psql',
          [
            '--no-psqlrc',
            '--quiet',
            '--set=ON_ERROR_STOP=1',
            `--command=${pinnedSession({ lock_timeout: '0' })}`,
            `--file=${file}`,
          ],
          { env: libpqEnvironment(target, scratch), signal },
        )
        if (code !== 0)
          throw new Failure(`The backup does not restore: ${stderr.trim().split('\n').slice(0, 3).join(' ')}`)
        const restored = await connect(target, scratch)
        try {
          const tables = await countRows(restored)
          const original = await countRows(admin)
          const differing = original
            .filter(({ table, rows }) => tables.find((other) => other.table === table)?.rows !== rows)
            .map(({ table }) => table)
          return { tables, differing, neverAnalyzed: await tablesNeverAnalyzed(restored) }
        } finally {
          await restored.end()
        }
      },
      async () => {
        await admin.query(`drop database if exists ${pg.escapeIdentifier(scratch)} with (force)`)
      },
      'Interrupted; the scratch database was dropped, and the backup is kept.',
    )
  })
}

async function createScratch(admin: pg.Client, name: string): Promise<void> {
  try {
    // template0 contains nothing that the dump also contains
    await admin.query(`create database ${pg.escapeIdentifier(name)} template template0`)
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501')
      throw new Failure(
        'This user may not create the scratch database that the backup would be restored into.',
        'Grant it CREATEDB, or restore the file elsewhere: psql -v ON_ERROR_STOP=1 -f <file>',
      )
    throw error
  }
}

async function countRows(client: pg.Client): Promise<RowCount[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = any ($1) order by 1`,
    [productSchemas],
  )
  const counts: RowCount[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: number }>(`select count(*)::float8 as count from ${name}`)
    counts.push({ table: name, rows: rows[0]?.count ?? 0 })
  }
  return counts
}
