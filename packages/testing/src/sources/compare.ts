import { withClient } from '@vetcita/postgres'
import type pg from 'pg'
import { migratedTemplate } from '../migrations.ts'
import { scratchDatabase } from '../scratch.ts'
import { readSources, type SourceFile, type SqlFolders, sqlFolders } from './files.ts'
import { dropObjects, readObjects, type SqlObject } from './objects.ts'

/** What the migrations make beside what `prisma/sql` makes, on two databases with the same tables. */
export type Comparison = {
  /** The sources in an order in which each can be made. */
  sources: SourceFile[]
  fromMigrations: SqlObject[]
  fromSources: SqlObject[]
  /** The sources that differ from what the migrations make, in that order. */
  drifted: SourceFile[]
  /** Keys of what the migrations make and no source does. */
  unsourced: string[]
}

/** Why the sources, or a migration made from them, cannot be used; the message is for people. */
export class SourcesRefused extends Error {}

/**
 * Makes both databases on a test server, and compares them.
 *
 * @throws SourcesRefused if a source cannot be made; the message names each such file
 */
export async function compareSources(
  adminUrl: string,
  folders: SqlFolders = sqlFolders,
): Promise<Comparison> {
  const template = await migratedTemplate(adminUrl, { folder: folders.migrations })
  const files = await readSources(folders)
  const fromMigrations = await onScratch(adminUrl, template, readObjects)
  return onScratch(adminUrl, template, async (client) => {
    await dropObjects(client)
    const sources = await makeInOrder(client, files)
    const fromSources = await readObjects(client)
    const keys = new Set(files.map(({ key }) => key))
    return {
      sources,
      fromMigrations,
      fromSources,
      drifted: sources.filter(({ key }) => textOf(fromMigrations, key) !== textOf(fromSources, key)),
      unsourced: [...new Set(fromMigrations.map(({ key }) => key))].filter(
        (key) => !keys.has(key) && textOf(fromMigrations, key) !== textOf(fromSources, key),
      ),
    }
  })
}

/** What `up` leaves behind on a database with all migrations, and what `down` leaves after it. */
export async function tryMigration(
  adminUrl: string,
  folders: SqlFolders,
  { up, down }: { up: string; down: string },
): Promise<{ afterUp: SqlObject[]; afterDown: SqlObject[] }> {
  const template = await migratedTemplate(adminUrl, { folder: folders.migrations })
  return onScratch(adminUrl, template, async (client) => {
    await client.query(up)
    const afterUp = await readObjects(client)
    await client.query(down)
    return { afterUp, afterDown: await readObjects(client) }
  })
}

/** Everything about the objects of one key, as one text to compare. */
export function textOf(objects: readonly SqlObject[], key?: string): string {
  return objects
    .filter((object) => key === undefined || object.key === key)
    .map(({ kind, identity, definition }) => `${kind} ${identity}\n${definition}`)
    .join('\n')
}

/**
 * Runs the files, and those again later that need another one first: SQL functions, views, triggers and policies do.
 *
 * @returns the order that worked
 */
async function makeInOrder(client: pg.Client, files: readonly SourceFile[]): Promise<SourceFile[]> {
  const made: SourceFile[] = []
  let waiting = [...files]
  await client.query('begin; set local search_path = public, pg_temp')
  while (waiting.length > 0) {
    const failures: { file: SourceFile; message: string }[] = []
    for (const file of waiting) {
      try {
        await client.query('savepoint file')
        await client.query(file.text)
        made.push(file)
      } catch (error) {
        failures.push({ file, message: error instanceof Error ? error.message : String(error) })
        await client.query('rollback to file')
      }
    }
    if (failures.length === waiting.length)
      throw new SourcesRefused(
        failures.map(({ file, message }) => `prisma/sql/${file.path} cannot be made: ${message}.`).join('\n'),
      )
    waiting = failures.map(({ file }) => file)
  }
  await client.query('commit')
  return made
}

async function onScratch<T>(
  adminUrl: string,
  template: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const scratch = await scratchDatabase(adminUrl, template)
  try {
    return await withClient(scratch.ownerUrl, work)
  } finally {
    await scratch.drop()
  }
}
