import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { migrationFolders } from '@vetcita/postgres'
import pg from 'pg'
import { type Comparison, compareSources, SourcesRefused, textOf, tryMigration } from './compare.ts'
import { type Chunk, chunkOf, readChunks, type SourceFile, type SqlFolders, sqlFolders } from './files.ts'
import type { SqlObject } from './objects.ts'

/**
 * Writes `<next number>_<name>/{migration,down}.sql` from what differs between `prisma/sql` and what the migrations
 * make, then tries it: up has to give what the sources give, and down what was there before.
 *
 * @returns the new folder's path
 * @throws SourcesRefused if nothing differs, the name is invalid, or the attempt failed
 */
export async function writeNextMigration(
  adminUrl: string,
  name: string,
  folders: SqlFolders = sqlFolders,
): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new SourcesRefused(
      `"${name}" is not a valid name for a migration: use lower-case letters, digits and underscores.`,
    )
  const comparison = await compareSources(adminUrl, folders)
  if (comparison.drifted.length === 0 && comparison.unsourced.length === 0)
    throw new SourcesRefused('The migrations make what prisma/sql says: there is nothing to write.')
  const newest = (await migrationFolders({ folder: folders.migrations })).at(-1) ?? '000'
  const number = String(Number(newest.slice(0, 3)) + 1).padStart(3, '0')
  const texts = migrationTexts(number, name, comparison, await readChunks(folders))
  const folder = path.join(folders.migrations, `${number}_${name}`)
  const problem = await problemOf(adminUrl, folders, texts, comparison)
  await mkdir(folder)
  await writeFile(path.join(folder, 'migration.sql'), texts.up)
  await writeFile(path.join(folder, 'down.sql'), texts.down)
  if (problem) throw new SourcesRefused(`${folder} has to be finished by hand: ${problem}.`)
  return folder
}

type MigrationTexts = { up: string; down: string }

/** What is wrong with a migration that was tried, or null. */
async function problemOf(
  adminUrl: string,
  folders: SqlFolders,
  texts: MigrationTexts,
  { fromMigrations, fromSources }: Comparison,
): Promise<string | null> {
  try {
    const { afterUp, afterDown } = await tryMigration(adminUrl, folders, texts)
    const wrong = [
      ...differing(afterUp, fromSources).map((key) => `migration.sql leaves another ${key}`),
      ...differing(afterDown, fromMigrations).map((key) => `down.sql leaves another ${key}`),
    ]
    return wrong.length > 0 ? wrong.join('; ') : null
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.message
    throw error
  }
}

/** The keys of what is not the same in both. */
function differing(one: readonly SqlObject[], other: readonly SqlObject[]): string[] {
  const keys = new Set([...one, ...other].map(({ key }) => key))
  return [...keys].filter((key) => textOf(one, key) !== textOf(other, key))
}

function migrationTexts(
  number: string,
  name: string,
  { drifted, unsourced, fromMigrations, fromSources }: Comparison,
  chunks: ReadonlyMap<string, Chunk>,
): MigrationTexts {
  const keys = [...drifted.map(({ key }) => key), ...unsourced]
  const before = fromMigrations.filter(({ key }) => keys.includes(key))
  const after = fromSources.filter(({ key }) => keys.includes(key))
  const functions = [
    ...new Set([...before, ...after].filter(({ kind }) => kind === 'function').map(shortName)),
  ]
  const up = [
    `-- ${number}: ${name.replaceAll('_', ' ')}.`,
    'begin;\nset local search_path = public, pg_temp;',
    functions.length > 0 && refuseDowngrade(number, functions),
    dropsFirst(before, after, keys),
    [...drifted.map((file) => chunkOf(file, number)), '-- prisma/sql ends\n'].join('\n'),
    dropsLast(before, after, keys),
    'commit;\n',
  ]
  const down = [
    `-- Takes back ${number}.`,
    'begin;\nset local search_path = public, pg_temp;',
    dropsFirst(after, before, keys),
    ...previousTexts(drifted, before, chunks),
    ...unsourced.map((key) => previousText(key, chunks)),
    dropsLast(after, before, keys),
    'commit;\n',
  ]
  return { up: joined(up), down: joined(down) }
}

const shortName = ({ key }: SqlObject) => key.replace(/^.*\./, '')

const joined = (parts: readonly (string | false)[]) =>
  parts
    .flatMap((part) => (part ? [part.trimEnd()] : []))
    .join('\n\n')
    .concat('\n')

function refuseDowngrade(number: string, functions: readonly string[]): string {
  const names = functions.map((name) => `'${name}'`)
  const line = `select refuse_downgrade(${Number(number)}, array[${names.join(', ')}]);`
  return line.length <= 120
    ? line
    : `select refuse_downgrade(${Number(number)}, array[\n  ${names.join(',\n  ')}\n]);`
}

/** What has to go before the texts of the other side can be run; what "create or replace" replaces stays. */
function dropsFirst(from: readonly SqlObject[], to: readonly SqlObject[], keys: readonly string[]): string {
  return drops(from, to, keys, (object) => !isGone(object, to))
}

/** Functions and views that the other side does not have: what used them before has been replaced by now. */
function dropsLast(from: readonly SqlObject[], to: readonly SqlObject[], keys: readonly string[]): string {
  return drops(from, to, keys, (object) => isGone(object, to))
}

const isGone = ({ key, kind }: SqlObject, to: readonly SqlObject[]) =>
  (kind === 'function' || kind === 'view') && !to.some((object) => object.key === key)

function drops(
  from: readonly SqlObject[],
  to: readonly SqlObject[],
  keys: readonly string[],
  wanted: (object: SqlObject) => boolean,
): string {
  return (
    from
      .filter(wanted)
      // What was made last goes first: a policy or trigger before the function that it calls.
      .sort((a, b) => keys.indexOf(b.key) - keys.indexOf(a.key))
      .sort((a, b) => dropOrder.indexOf(a.kind) - dropOrder.indexOf(b.kind))
      .flatMap((object) =>
        dropOf(
          object,
          to.find(({ kind, identity }) => kind === object.kind && identity === object.identity),
        ),
      )
      .join('\n')
  )
}

const dropOrder = ['trigger', 'policy', 'rights', 'view', 'function']

function dropOf(object: SqlObject, next: SqlObject | undefined): string[] {
  const { kind, identity, shape } = object
  switch (kind) {
    case 'policy':
      return [`drop policy if exists ${identity};`]
    case 'rights':
      return [
        `revoke all on ${identity} from public, anon, authenticated, service_role;`,
        ...(shape === 'true' && next?.shape === 'false'
          ? [`alter table ${identity} disable row level security;`]
          : []),
      ]
    case 'trigger':
      return next ? [] : [`drop trigger if exists ${identity};`]
    case 'view':
      return next?.shape.startsWith(shape) ? [] : [`drop view if exists ${identity};`]
    case 'function':
      return next?.shape === shape ? [] : [`drop function if exists ${identity};`]
  }
}

function previousTexts(
  drifted: readonly SourceFile[],
  before: readonly SqlObject[],
  chunks: ReadonlyMap<string, Chunk>,
): string[] {
  return drifted.flatMap(({ path: file, key }) => {
    const chunk = chunks.get(file)
    if (chunk) return [chunk.text]
    if (before.some((object) => object.key === key && object.kind !== 'rights'))
      throw new SourcesRefused(
        `No migration marks its text of prisma/sql/${file}, so down.sql cannot bring it back.`,
      )
    return []
  })
}

/** The text that a migration has of a source whose file is gone. */
function previousText(key: string, chunks: ReadonlyMap<string, Chunk>): string {
  const file = `${key.replace(/^policies of /, 'policies/').replace(/^\w+\./, '')}.sql`
  const found = [...chunks].find(([source]) => source === file || source.endsWith(`/${file}`))
  if (!found)
    throw new SourcesRefused(`No migration marks its text of ${key}, so down.sql cannot bring it back.`)
  return found[1].text
}
