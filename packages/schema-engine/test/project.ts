import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { adminUrl, makeTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/postgres'
import { schemaEnginePath } from '@vetcita/schema-engine'
import pg from 'pg'
import { onTestFinished } from 'vitest'

export const repositoryRoot = path.resolve(import.meta.dirname, '../../..')

const prismaCli = createRequire(path.join(repositoryRoot, 'package.json')).resolve('prisma/build/index.js')

/** What a run of Prisma's CLI left: `output` is both streams, as a terminal shows them, without colours. */
export type Run = { code: number | null; stdout: string; output: string }

/** Runs Prisma's real CLI in a folder, on one database. */
export async function prisma(
  folder: string,
  url: string | undefined,
  args: string[],
  env = {},
): Promise<Run> {
  return await runProgram([prismaCli, ...args], folder, {
    ...(url === undefined ? {} : { DATABASE_URL: url }),
    CHECKPOINT_DISABLE: '1',
    ...env,
  })
}

async function runProgram(args: string[], cwd: string, env: Record<string, string>): Promise<Run> {
  const { DATABASE_URL, DIRECT_URL, SHADOW_DATABASE_URL, PRISMA_SCHEMA_ENGINE_BINARY, ...inherited } =
    process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, stdout, output: stdout + stderr }
}

export type Project = {
  folder: string
  /** Writes a file of the project, or replaces it. */
  write: (file: string, content: string) => Promise<void>
  /** Writes `prisma/migrations/<name>/migration.sql`. */
  migration: (name: string, sql: string) => Promise<void>
  removeMigration: (name: string) => Promise<void>
  prisma: (url: string | undefined, ...args: string[]) => Promise<Run>
}

/**
 * A project in a temporary folder with this repository's `prisma.config.ts` and dependencies, gone when the test ends.
 *
 * @param models what stands in its schema.prisma
 * @param schemas the database's schemas, where they are more than `public`
 */
export async function project(models: string, schemas?: string[]): Promise<Project> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'schema-engine-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const write = async (file: string, content: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), content)
  }
  await symlink(path.join(repositoryRoot, 'node_modules'), path.join(folder, 'node_modules'))
  await cp(path.join(repositoryRoot, 'prisma.config.ts'), path.join(folder, 'prisma.config.ts'))
  await write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  await write(
    'prisma/schema.prisma',
    `generator client {
  provider = "prisma-client"
  output   = "../generated"
}
datasource db {
  provider = "postgresql"
  ${schemas ? `schemas = ${JSON.stringify(schemas)}` : ''}
}
${models}`,
  )
  return {
    folder,
    write,
    migration: (name, sql) => write(`prisma/migrations/${name}/migration.sql`, sql),
    removeMigration: (name) => rm(path.join(folder, 'prisma/migrations', name), { recursive: true }),
    prisma: (url, ...args) => prisma(folder, url, args),
  }
}

/** A table of one column, for tests to whom the tables don't matter. */
export const thingModel = 'model Thing {\n  id Int @id\n  @@map("things")\n}\n'
export const thingTable = 'create table things (id integer primary key);\n'

const developerPassword = 'a/b c%:@é'

/** An empty database, and the URL of a role that owns it and may create others beside it (for shadow databases). */
export type Database = ScratchDatabase & { developerUrl: string }

/** Makes an empty database, dropped when the test ends. */
export async function database(): Promise<Database> {
  const template = await makeTemplate(adminUrl(), 'schema_engine_empty', async () => {})
  const scratch = await scratchDatabase(adminUrl(), template)
  onTestFinished(() => scratch.drop())
  await query(
    adminUrl(),
    `select pg_advisory_lock(hashtext('schema_engine_developer'));
    do $$ begin
      if not exists (select from pg_roles where rolname = 'schema_engine_developer') then
        create role schema_engine_developer login createdb in role vetcita_owner;
      end if;
    end $$;
    alter role schema_engine_developer password ${pg.escapeLiteral(developerPassword)};`,
  )
  return { ...scratch, developerUrl: scratch.urlAs('schema_engine_developer', developerPassword) }
}

/** Runs SQL on a connection of its own and returns the rows. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Calls the engine's executable without Prisma's CLI, which spares a second; `code` and the output as {@link prisma}. */
export async function engine(url: string, ...args: string[]): Promise<Run> {
  return await runProgram(
    [schemaEnginePath, '--datasource', JSON.stringify({ url }), ...args],
    repositoryRoot,
    {},
  )
}

/** Names of the shadow databases on the test server that `role` made. */
export async function shadowDatabases(role: string): Promise<unknown[]> {
  return await query(
    adminUrl(),
    `select datname from pg_database where datname like 'prisma_migrate_shadow_db_%' and datdba = '${role}'::regrole`,
  )
}
