import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { productSchemas } from '@vetcita/catalogue/catalogue'
import pg from 'pg'
import { connect, type Target, withClient } from '../database.ts'
import { Failure } from '../failure.ts'
import { tidied } from '../interrupt.ts'
import { libpqEnvironment, runProgram } from '../libpq.ts'

const ownExtension = 'btree_gist'

export type Dump = { bytes: number; pgDump: string; leftOut: string[] }

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
      await prepend(`${part}.sql`, header(plan.extensionSchema), part)
      await rename(part, file)
      return { bytes: (await stat(file)).size, pgDump: plan.pgDump, leftOut: plan.leftOut }
    },
    async () => {
      for (const rest of [part, `${part}.sql`]) await rm(rest, { force: true })
    },
    'Interrupted; there is no backup.',
  )
}

/** How a database will be dumped: the program, its arguments, and the schemas left out. */
export type DumpPlan = { pgDump: string; args: string[]; leftOut: string[]; extensionSchema: string | null }

/** @throws Failure if pg_dump is missing or too old for the server */
export async function planDump(target: Target): Promise<DumpPlan> {
  const env = libpqEnvironment(target)
  const { stdout } = await runProgram('pg_dump', ['--version'], { env })
  const own = Number(/(\d+)/.exec(stdout)?.[1] ?? 0)
  const server = await withClient(target, lookAtServer)
  if (own < server.major)
    throw new Failure(
      `pg_dump is version ${own} and the server is ${server.major}: an older pg_dump can't dump a newer server.`,
      `Install the programs of PostgreSQL ${server.major}, as in "apt-get install postgresql-client-${server.major}" from apt.postgresql.org.`,
    )
  return {
    pgDump: stdout.trim(),
    args: [
      '--format=plain',
      '--no-password',
      ...server.others.map((schema) => `--exclude-schema="${schema.replaceAll('"', '""')}"`),
      ...(server.extensionSchema === null ? [] : [`--extension=${ownExtension}`]),
    ],
    leftOut: server.others,
    extensionSchema: server.extensionSchema,
  }
}

async function lookAtServer(
  client: pg.Client,
): Promise<{ major: number; others: string[]; extensionSchema: string | null }> {
  const { rows } = await client.query<{ major: number; others: string[]; extension_schema: string | null }>(
    `select current_setting('server_version_num')::int / 10000 as major,
       array(
         select nspname::text from pg_namespace
         where nspname <> all ($1) and nspname !~ '^pg_' and nspname <> 'information_schema' order by 1
       ) as others,
       (select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = $2)
         as extension_schema`,
    [productSchemas, ownExtension],
  )
  const [{ major = 0, others = [], extension_schema: extensionSchema = null } = {}] = rows
  return { major, others, extensionSchema }
}

/** Returns what the dump needs and leaves out: the extension's schema, which may be the platform's. */
function header(extensionSchema: string | null): string {
  const schema =
    extensionSchema === null || extensionSchema === 'public'
      ? ''
      : `create schema if not exists ${pg.escapeIdentifier(extensionSchema)};\n`
  return `-- Restore into an empty database, as the tables' owner: psql -v ON_ERROR_STOP=1 -f <this file>\n${schema}\n`
}

async function prepend(file: string, text: string, into: string): Promise<void> {
  await pipeline(async function* () {
    yield text
    yield* createReadStream(file)
  }, createWriteStream(into))
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
): Promise<{ tables: RowCount[]; differing: string[] }> {
  const scratch = `restore_check_${randomBytes(6).toString('hex')}`
  return await withClient(target, async (admin) => {
    await createScratch(admin, scratch)
    return await tidied(
      async (signal) => {
        const { code, stderr } = await runProgram(
          'psql',
          ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--file=${file}`],
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
          return { tables, differing }
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
