import type pg from 'pg'
import { Failure } from '../failure.ts'
import { type HistoryRow, isApplied, isUnfinished, readHistory } from '../history.ts'
import { type Migration, migrationsThrough } from '../migrations.ts'
import { adoptTables } from './compose.ts'

/** What has to be done to bring a database to a migration's number. */
export type Plan = {
  hasHistory: boolean
  applied: Migration[]
  pending: Migration[]
  /** Pending ones that an earlier deploy started and did not finish. */
  unfinished: HistoryRow[]
  /** Applied, and changed in this clone since. */
  edited: Migration[]
  /** In the history and unknown to this clone: a newer clone deployed them. */
  unknown: string[]
}

/** Compares the history with this clone's migrations, through the given one. */
export async function makePlan(
  client: pg.Client,
  migrations: readonly Migration[],
  through: string | undefined,
): Promise<Plan> {
  const wanted = migrationsThrough(migrations, through)
  const history = await readHistory(client)
  const rows = history ?? []
  const checksums = new Map(rows.filter(isApplied).map((row) => [row.migration_name, row.checksum]))
  const applied = wanted.filter(({ name }) => checksums.has(name))
  return {
    hasHistory: history !== null,
    applied,
    pending: wanted.filter(({ name }) => !checksums.has(name)),
    unfinished: rows.filter(
      (row) => isUnfinished(row) && wanted.some(({ name }) => name === row.migration_name),
    ),
    edited: applied.filter(({ name, checksum }) => checksums.get(name) !== checksum),
    unknown: [...checksums.keys()].filter((name) => !migrations.some((migration) => migration.name === name)),
  }
}

/**
 * @throws Failure if the tables came from elsewhere: 000 would fail on them, and only a person can say that they are what
 *   000 would have made
 */
export async function refuseForeignTables(client: pg.Client, plan: Plan): Promise<void> {
  const first = plan.pending.some(({ number }) => Number(number) === 0)
  if (!first || plan.unfinished.length > 0) return
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('public.appointments') is not null as there`,
  )
  if (rows[0]?.there) throw new Failure(adoptTables)
}
