import { isDeepStrictEqual } from 'node:util'
import { type Catalogue, type Facts, kindNames } from '@vetcita/catalogue/catalogue'
import { expectedAfter, readManifest } from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import type pg from 'pg'
import type { HistoryRow } from '../history.ts'
import type { Migration } from '../migrations.ts'

/**
 * Resolves the unfinished row of a deploy that failed or was killed (only Prisma's; the other methods record a migration in
 * its own transaction). A migration is one transaction, so the database has all of its objects or none.
 *
 * @returns whether it was applied; if not, its row of the history is deleted and it may run again
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

/** Returns whether all objects that a migration adds exist or, if it adds none, whether all its changes do. */
function isApplied(found: Catalogue, { name }: Migration): boolean {
  const { levels } = readManifest()
  const at = levels.findIndex(({ migration }) => migration === name)
  const before = expectedAfter(levels.slice(0, at).map(({ migration }) => migration)).catalogue
  // an index may have been built concurrently before its migration
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
