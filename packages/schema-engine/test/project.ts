import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { repositoryRoot, withClient } from '@vetcita/postgres'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { adminUrl, makeTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { onTestFinished } from 'vitest'

const prismaCli = createRequire(path.join(repositoryRoot, 'package.json')).resolve('prisma/build/index.js')

/** The result of a run of Prisma's CLI; `output` is stdout followed by stderr, without colours. */
export type Run = { code: number | null; stdout: string; output: string }

/** Runs Prisma's real CLI in a folder, on one database. */
export async function prisma(
  folder: string,
  url: string | undefined,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  return await startPrisma(folder, url, args, env).ended
}

/** A running program; `interrupt` is Ctrl-C, which reaches Prisma's CLI and the engine that it started. */
export type Program = { ended: Promise<Run>; interrupt: () => void }

/** Starts Prisma's real CLI. */
export function startPrisma(
  folder: string,
  url: string | undefined,
  args: string[],
  env: Record<string, string> = {},
): Program {
  return startProgram([prismaCli, ...args], folder, {
    ...(url === undefined ? {} : { DATABASE_URL: url }),
    CHECKPOINT_DISABLE: '1',
    // saves a quarter of the time in which Prisma's CLI starts
    NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../node_modules/.cache/compiled'),
    ...env,
  })
}

function startProgram(args: string[], cwd: string, env: Record<string, string>): Program {
  const { DATABASE_URL, DIRECT_URL, SHADOW_DATABASE_URL, PRISMA_SCHEMA_ENGINE_BINARY, ...inherited } =
    process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a separate process group, as a shell gives to what it runs
    detached: true,
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const collect = async (): Promise<Run> => {
    const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
    return { code, stdout, output: stdout + stderr }
  }
  return {
    ended: collect(),
    interrupt: () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    },
  }
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
 * A project in a temporary folder with this repository's `prisma.config.ts` and dependencies, removed when the test ends.
 *
 * @param models the models in its schema.prisma
 * @param schemas the database's schemas, if not only `public`
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

/** A table of one column, for tests that only need some table. */
export const thingModel = 'model Thing {\n  id Int @id\n  @@map("things")\n}\n'
export const thingTable = 'create table things (id integer primary key);\n'

const developerPassword = 'a/b c%:@é'

export type Database = ScratchDatabase & {
  /** as a role that has the owner's rights and may create shadow databases */
  developerUrl: string
  /** Returns the names of the developer's remaining shadow databases. */
  shadows: () => Promise<unknown[]>
}

/** Makes an empty database and its developer's role; both are dropped when the test ends. */
export async function database(): Promise<Database> {
  const template = await makeTemplate(adminUrl(), 'schema_engine_empty', async () => {})
  const scratch = await scratchDatabase(adminUrl(), template)
  const developer = `developer_of_${scratch.name}`
  await query(
    adminUrl(),
    `create role ${developer} login createdb in role vetcita_owner password ${pg.escapeLiteral(developerPassword)}`,
  )
  onTestFinished(async () => {
    await scratch.drop()
    await query(adminUrl(), `drop role ${developer}`)
  })
  return {
    ...scratch,
    developerUrl: scratch.urlAs(developer, developerPassword),
    shadows: async () =>
      await query(
        adminUrl(),
        `select datname from pg_database where datname like 'prisma_migrate_shadow_db_%' and datdba = '${developer}'::regrole`,
      ),
  }
}

/** Runs SQL on a new connection and returns the rows. */
export function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)
}

/** Runs the engine's executable without Prisma's CLI, which saves a second. */
export async function engine(url: string, ...args: string[]): Promise<Run> {
  const program = [schemaEnginePath, '--datasource', JSON.stringify({ url }), ...args]
  return await startProgram(program, repositoryRoot, {}).ended
}
