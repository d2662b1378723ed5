import type pg from 'pg'
import { Failure } from '../failure.ts'
import { type HistoryRow, isApplied, isUnfinished, readHistory } from '../history.ts'
import { type Migration, migrationsThrough } from '../migrations.ts'
import { adoptTables } from './compose.ts'

/** The steps that bring a database to a migration's number. */
export type Plan = {
  hasHistory: boolean
  applied: Migration[]
  pending: Migration[]
  /** pending migrations that an earlier deploy started and did not finish */
  unfinished: HistoryRow[]
  /** applied migrations that have changed in this checkout since */
  edited: Migration[]
  /** migrations in the history that this checkout does not have, because a newer one deployed them */
  unknown: string[]
}

/** Compares the history with this checkout's migrations, through the given one. */
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
 * @throws Failure if the tables have another origin: 000 would fail on them, and only a person can decide that they match
 *   what 000 would create
 */
export async function refuseForeignTables(client: pg.Client, plan: Plan): Promise<void> {
  const first = plan.pending.some(({ number }) => Number(number) === 0)
  if (!first || plan.unfinished.length > 0) return
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('public.appointments') is not null as there`,
  )
  if (rows[0]?.there) throw new Failure(adoptTables)
}
