import { readCatalogue } from '@vetcita/catalogue/read'
import type pg from 'pg'
import { refuseOverloads } from '../catalogue/overloads.ts'
import { Failure } from '../failure.ts'
import { type HistoryRow, isApplied, isUnfinished, readHistory } from '../history.ts'
import { type Migration, migrationsThrough } from '../migrations.ts'
import { hasClinicTables, tableGaps } from '../preflight/tables.ts'
import { adoptTables, fixTables } from './compose.ts'

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

/** How many gaps are named; the first few say what kind of tables these are. */
const mostGaps = 8

/**
 * Refuses what a deploy would fail on, or would build on although it does not hold: tables from elsewhere, recorded as ours
 * or not, and functions that bear the name of one of ours.
 *
 * @throws Failure with the next step
 */
export async function refuseWhatIsInTheWay(
  client: pg.Client,
  { applied, pending, unfinished }: Plan,
  migrations: readonly Migration[],
): Promise<void> {
  const [first] = migrations
  if (first === undefined || pending.length === 0 || unfinished.length > 0) return
  const found = await readCatalogue(client)
  refuseOverloads(found, pending)
  if (!hasClinicTables(found, first)) return
  const isRecorded = applied.includes(first)
  const gaps = tableGaps(found, isRecorded ? applied : [first, ...applied])
  if (gaps.length > 0)
    throw new Failure(
      `The tables of this database are not those of the contract: ${[...gaps.slice(0, mostGaps), ...(gaps.length > mostGaps ? [`${gaps.length - mostGaps} more`] : [])].join('; ')}. Nothing was changed.`,
      fixTables,
    )
  if (!isRecorded) throw new Failure(adoptTables)
}
