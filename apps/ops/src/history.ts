import type pg from 'pg'
import { z } from 'zod'
import { Failure } from './failure.ts'
import type { Migration } from './migrations.ts'

/**
 * The table in which Prisma Migrate records migrations, defined exactly as Prisma does: however a migration was deployed,
 * Prisma and these commands read the same history.
 */
export const historyTable = `create table public._prisma_migrations (
    id                      varchar(36) primary key not null,
    checksum                varchar(64) not null,
    finished_at             timestamptz,
    migration_name          varchar(255) not null,
    logs                    text,
    rolled_back_at          timestamptz,
    started_at              timestamptz not null default now(),
    applied_steps_count     integer not null default 0
)`

/** The number of the advisory lock that Prisma Migrate holds while it works. */
export const migrateLock = 72707369

const historyRow = z.object({
  id: z.string(),
  migration_name: z.string(),
  checksum: z.string(),
  started_at: z.date(),
  finished_at: z.date().nullable(),
  rolled_back_at: z.date().nullable(),
  logs: z.string().nullable(),
})

/** A row of the history. A migration is applied if it has finished and was not rolled back. */
export type HistoryRow = z.infer<typeof historyRow>

/**
 * Returns the history in order of time, or null if the database has none yet.
 *
 * @throws Failure if the user may not read it
 */
export async function readHistory(client: pg.ClientBase): Promise<HistoryRow[] | null> {
  const { rows: tables } = await client.query(
    `select from pg_class where relname = '_prisma_migrations' and relnamespace = 'public'::regnamespace`,
  )
  if (tables.length === 0) return null
  const { rows: rights } = await client.query<{ may: boolean }>(
    `select has_table_privilege('public._prisma_migrations', 'select') as may`,
  )
  if (!rights[0]?.may)
    throw new Failure(
      'This user may not read the history of migrations.',
      "Set DIRECT_URL to the tables' owner; the API's user is another one.",
    )
  const { rows } = await client.query(
    `select id, migration_name, checksum, started_at, finished_at, rolled_back_at, logs
     from public._prisma_migrations order by started_at, migration_name`,
  )
  return z.array(historyRow).parse(rows)
}

export function isApplied(row: HistoryRow): boolean {
  return row.finished_at !== null && row.rolled_back_at === null
}

/** Returns whether a migration was started and neither finished nor given up: it failed, or the process was killed. */
export function isUnfinished(row: HistoryRow): boolean {
  return row.finished_at === null && row.rolled_back_at === null
}

/**
 * Returns the statements that record a migration, to be run in its own transaction. They also delete the row of a failed
 * or killed attempt.
 */
export function recordStatement({ name, checksum }: Migration): string {
  return (
    `delete from public._prisma_migrations where migration_name = '${name}' and finished_at is null and rolled_back_at is null; ` +
    'insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) ' +
    `values (gen_random_uuid(), '${checksum}', '${name}', transaction_timestamp(), clock_timestamp(), 1);`
  )
}
