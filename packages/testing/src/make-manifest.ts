import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Catalogue, Facts, Kind } from '@vetcita/catalogue/catalogue'
import { kindNames, productSchemas } from '@vetcita/catalogue/catalogue'
import {
  changesBetween,
  emptyCatalogue,
  type Level,
  type Manifest,
  numberOf,
} from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import { apiRole, grantApiRole, migrationFolders, migrationsFolder, withClient } from '@vetcita/postgres'
import type pg from 'pg'
import { apiPassword } from './api-template.ts'
import { makeTemplate, scratchDatabase } from './scratch.ts'

/** A catalogue, and the text in which an object may name another one, by kind and name. */
type Reading = { catalogue: Catalogue; texts: Map<string, string> }

/**
 * Makes the manifest on a scratch database: reads its catalogue after each migration, lets the API's role in, and reads
 * it again after each `down.sql`.
 *
 * @throws Error if a migration makes an object in a schema that the reader does not know
 */
export async function makeManifest(adminUrl: string): Promise<Manifest> {
  const template = await makeTemplate(adminUrl, 'vetcita_empty', async () => {})
  const scratch = await scratchDatabase(adminUrl, template)
  const folders = await migrationFolders()
  try {
    const up = await withClient(scratch.ownerUrl, async (client) => {
      const readings: Reading[] = []
      for (const folder of folders) {
        await client.query(await textOf(folder, 'migration.sql'))
        readings.push(await readingOf(client))
      }
      await refuseOtherSchemas(client)
      return readings
    })
    await grantApiRole(scratch.url, apiPassword)
    const { apiFunctions, down } = await withClient(scratch.ownerUrl, async (client) => {
      const executable = await functionsOfTheApi(client)
      const catalogues: Catalogue[] = []
      for (const folder of folders.toReversed()) {
        catalogues.unshift(await readCatalogue(client))
        await client.query(await textOf(folder, 'down.sql'))
      }
      return { apiFunctions: executable, down: [await readCatalogue(client), ...catalogues] }
    })
    const levels = folders.map((migration, at): Level => {
      const before = up[at - 1]?.catalogue ?? emptyCatalogue
      return {
        migration,
        needs: folders
          .slice(0, at)
          .filter((_, earlier) => isNeeded(up, earlier, at))
          .map(numberOf),
        drops: dropped(down[at + 1], down[at]),
        changes: changesBetween(before, up[at]?.catalogue ?? emptyCatalogue),
      }
    })
    return { apiFunctions, levels }
  } finally {
    await scratch.drop()
  }
}

function textOf(folder: string, file: string): Promise<string> {
  return readFile(path.join(migrationsFolder, folder, file), 'utf8')
}

/** Reads the catalogue, and what its objects say: the body of a function without comments, or any other object's facts. */
async function readingOf(client: pg.Client): Promise<Reading> {
  const catalogue = await readCatalogue(client)
  const texts = new Map<string, string>()
  for (const kind of kindNames)
    for (const [name, facts] of Object.entries(catalogue[kind]))
      texts.set(`${kind} ${name}`, `${name} ${JSON.stringify(facts)}`)
  const { rows } = await client.query<{ name: string; body: string }>(
    `select case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname as name, p.prosrc as body
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)`,
    [productSchemas],
  )
  for (const { name, body } of rows) {
    const key = `functions ${name}`
    const known = texts.get(key)
    if (known !== undefined) texts.set(key, `${known} ${body.replace(/--.*$/gm, '').replaceAll('"', '')}`)
  }
  return { catalogue, texts }
}

/**
 * Returns whether a later migration changes or names an object that an earlier one made. PostgreSQL records no dependencies
 * of a function's body.
 */
function isNeeded(readings: readonly Reading[], earlier: number, later: number): boolean {
  const made = objectsOf(readings, earlier).filter(({ isMade }) => isMade)
  const touched = objectsOf(readings, later)
  const text = touched.map(({ key }) => readings[later]?.texts.get(key) ?? '').join('\n')
  return (
    made.some(
      ({ key, words }) =>
        touched.some((other) => other.key === key) ||
        words.some((word) => new RegExp(`\\b${word.replaceAll('.', '\\.')}\\b`).test(text)),
    ) ||
    // refuse_downgrade watches over every function that bears a stamp, so it goes last
    (made.some(({ key }) => key === 'functions refuse_downgrade') &&
      touched.some(({ isStamped }) => isStamped))
  )
}

type Touched = { key: string; words: string[]; isMade: boolean; isStamped: boolean }

/** The objects that a migration makes, changes or removes. */
function objectsOf(readings: readonly Reading[], at: number): Touched[] {
  const before = readings[at - 1]?.catalogue ?? emptyCatalogue
  const changes = changesBetween(before, readings[at]?.catalogue ?? emptyCatalogue)
  return kindNames.flatMap((kind) =>
    Object.entries(changes[kind] ?? {}).map(([name, facts]) => {
      const old: Facts | undefined = before[kind][name]
      const now: Facts | null = facts
      return {
        key: `${kind} ${name}`,
        words: wordsFor(kind, name, changes),
        isMade: old === undefined || (now?.body !== undefined && now.body !== old.body),
        isStamped: kind === 'functions' && now?.stamp !== undefined,
      }
    }),
  )
}

/** The names by which others may mention an object; a new table's columns go by the table's name. */
function wordsFor(kind: Kind, name: string, { relations = {} }: Level['changes']): string[] {
  if (kind === 'indexes') return []
  if (kind === 'schemas') return [`${name}.`]
  if (kind !== 'columns') return [name.replace(/ on .*$|\(.*$/, '')]
  const at = name.lastIndexOf('.')
  return relations[name.slice(0, at)] === undefined ? [name.slice(at + 1)] : []
}

function dropped(before: Catalogue = emptyCatalogue, after: Catalogue = emptyCatalogue): Level['drops'] {
  const relations = Object.keys(before.relations).filter(
    (name) => before.relations[name]?.kind === 'table' && after.relations[name] === undefined,
  )
  const columns = Object.keys(before.columns).filter((name) => {
    const table = name.slice(0, name.lastIndexOf('.'))
    return (
      before.relations[table]?.kind === 'table' &&
      after.relations[table] !== undefined &&
      after.columns[name] === undefined
    )
  })
  return { relations, columns }
}

async function functionsOfTheApi(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname as name
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(p.proacl) x join pg_roles r on r.oid = x.grantee
     where n.nspname = any ($1) and r.rolname = $2
     order by 1`,
    [productSchemas, apiRole],
  )
  return rows.map(({ name }) => name)
}

async function refuseOtherSchemas(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
     where nspname <> all ($1) and nspname not in ('extensions', 'information_schema') and nspname !~ '^pg_'`,
    [productSchemas],
  )
  if (rows.length > 0)
    throw new Error(
      `A migration makes the schema ${rows.map(({ name }) => name).join(', ')}: add it to productSchemas in packages/catalogue/src/catalogue.ts.`,
    )
}
