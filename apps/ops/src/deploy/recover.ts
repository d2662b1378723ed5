import { isDeepStrictEqual } from 'node:util'
import { type Catalogue, type Facts, kindNames } from '@vetcita/catalogue/catalogue'
import { expectedAfter, readManifest } from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import type pg from 'pg'
import type { HistoryRow } from '../history.ts'
import type { Migration } from '../migrations.ts'

/**
 * Clears up after a deploy that failed or was killed (Prisma's; the others record a migration in its own transaction). A
 * migration is one transaction, so the database holds all that it makes or nothing of it.
 *
 * @returns whether it turned out to be applied; if not, its line in the history is gone and it may run again
 */
export async function settleUnfinished(
  client: pg.Client,
  row: HistoryRow,
  migration: Migration,
): Promise<boolean> {
  const applied = isApplied(await readCatalogue(client), migration)
  await client.query(
    applied
      ? `update public._prisma_migrations
         set finished_at = clock_timestamp(), applied_steps_count = 1, logs = null where id = $1`
      : 'delete from public._prisma_migrations where id = $1',
    [row.id],
  )
  return applied
}

/** Whether everything new that a migration makes is there, or, if it makes nothing new, everything that it changes. */
function isApplied(found: Catalogue, { name }: Migration): boolean {
  const { levels } = readManifest()
  const at = levels.findIndex(({ migration }) => migration === name)
  const before = expectedAfter(levels.slice(0, at).map(({ migration }) => migration)).catalogue
  // An index may have been built before its migration, concurrently.
  const made = kindNames
    .filter((kind) => kind !== 'indexes')
    .flatMap((kind) =>
      Object.entries(levels[at]?.changes[kind] ?? {}).map(([object, facts]) => {
        const present: Facts | undefined = found[kind][object]
        return { isNew: before[kind][object] === undefined, facts, present }
      }),
    )
  const added = made.filter(({ isNew }) => isNew)
  return added.length > 0
    ? added.every(({ present }) => present !== undefined)
    : made.every(({ facts, present }) => isDeepStrictEqual(present ?? null, facts))
}
