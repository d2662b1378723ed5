import type pg from 'pg'
import { sqlStateOf } from '../database.ts'
import type { HistoryRow } from '../history.ts'
import type { Migration } from '../migrations.ts'
import { undoneMigration } from './compose.ts'
import { runByNode } from './node-runner.ts'

/** Table, function, object, schema, column: something of that name is there already. */
const duplicates = new Set(['42P07', '42723', '42710', '42P06', '42701'])

/**
 * Clears up what a deploy left that failed or was killed (Prisma's way; the others record a migration in its own
 * transaction). A migration is one transaction, so it is there whole or not at all; which of both, a trial run tells,
 * whose changes are undone.
 *
 * @returns whether it turned out to be applied; else its line in the history is gone and it may run again
 */
export async function settleUnfinished(
  client: pg.Client,
  row: HistoryRow,
  migration: Migration,
  lockTimeoutMs: number,
): Promise<boolean> {
  const applied = await isThere(client, migration, lockTimeoutMs)
  await client.query(
    applied
      ? `update public._prisma_migrations
         set finished_at = clock_timestamp(), applied_steps_count = 1, logs = null where id = $1`
      : 'delete from public._prisma_migrations where id = $1',
    [row.id],
  )
  return applied
}

async function isThere(client: pg.Client, migration: Migration, lockTimeoutMs: number): Promise<boolean> {
  try {
    await runByNode(client, undoneMigration(migration, lockTimeoutMs), () => {})
    return false
  } catch (error) {
    return duplicates.has(sqlStateOf(error) ?? '')
  }
}
