import { productSchemas } from '@vetcita/catalogue/catalogue'
import { type Expected, expectedAfter, readManifest } from '@vetcita/catalogue/manifest'
import type pg from 'pg'
import { Failure } from '../failure.ts'

/** The guide's index, which every conflict check reads. */
export const slotIndex = 'idx_appointments_vet_time_status'

/**
 * Returns the statement that builds an index without holding up writers, from the manifest. It cannot run inside a
 * transaction, so no migration can hold it.
 */
export function concurrentIndexStatement(
  name = slotIndex,
  { catalogue } = expectedAfter(readManifest().levels.map(({ migration }) => migration)),
): string {
  const definition = catalogue.indexes[name]?.definition
  if (definition === undefined) throw new Failure(`No migration makes ${name}.`)
  return `${definition.replace(/^CREATE (UNIQUE )?INDEX/, 'create $1index concurrently if not exists')};`
}

/** Returns the statement that drops an index without holding up writers. */
export function dropIndexStatement(name = slotIndex): string {
  return `drop index concurrently ${name.includes('.') ? name : `public.${name}`}`
}

/**
 * Builds the guide's index concurrently unless it is there.
 *
 * @returns whether the index had to be built
 */
export async function buildIndexConcurrently(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('public.${slotIndex}') is not null as there`,
  )
  if (rows[0]?.there) return false
  // It waits for transactions, which may be long, and holds up no one while it does.
  await client.query(concurrentIndexStatement())
  return true
}

/**
 * Repairs the indexes of ours whose build was interrupted: "create index if not exists" would take them for whole, and no
 * query uses them. Those of applied migrations are built again; a pending one builds its own.
 *
 * @returns their names
 * @throws Failure if one is being built at this moment
 */
export async function repairInvalidIndexes(client: pg.Client, applied: Expected): Promise<string[]> {
  const known = new Set(readManifest().levels.flatMap(({ changes }) => Object.keys(changes.indexes ?? {})))
  const { rows } = await client.query<{ name: string; builder: number | null }>(
    `select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name, b.pid as builder
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_stat_progress_create_index b on b.index_relid = i.indexrelid
     where not (i.indisvalid and i.indisready) and n.nspname = any ($1)
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
    [productSchemas],
  )
  const invalid = rows.filter(({ name }) => known.has(name))
  for (const { name, builder } of invalid) {
    if (builder !== null)
      throw new Failure(`Process ${builder} is building ${name}.`, 'Wait for it, then try again.')
    await client.query(dropIndexStatement(name))
    if (applied.catalogue.indexes[name] !== undefined)
      await client.query(concurrentIndexStatement(name, applied))
  }
  return invalid.map(({ name }) => name)
}
