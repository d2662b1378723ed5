import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '@vetcita/postgres'
import { adminUrl, makeTemplate, migratedTemplate, scratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)
const fileOf = (folder: string, name = 'migration.sql') =>
  path.join(repositoryRoot, 'prisma/migrations', folder, name)

/** Returns the text of a migration, or of another file in its folder. */
export const textOf = (folder: string, name?: string) => readFile(fileOf(folder, name), 'utf8')

export type FreshDatabase = {
  /** as its owner, vetcita_owner */
  url: string
  /** that owner's connection */
  client: pg.Client
  /** the NOTICEs of that connection and of psql */
  seen: string[]
  /** a superuser's connection */
  admin: pg.Client
}

/** Makes a database for one test, empty or fully migrated, and drops it when the test ends. */
export async function freshDatabase(content: 'empty' | 'migrated'): Promise<FreshDatabase> {
  const template =
    content === 'migrated'
      ? await migratedTemplate(adminUrl())
      : await makeTemplate(adminUrl(), 'vetcita_empty', async () => {})
  const scratch = await scratchDatabase(adminUrl(), template)
  const client = new pg.Client({ connectionString: scratch.ownerUrl })
  const admin = new pg.Client({ connectionString: scratch.url })
  const seen: string[] = []
  client.on('notice', (notice) => seen.push(notice.message ?? ''))
  await client.connect()
  await admin.connect()
  onTestFinished(async () => {
    await client.end()
    await admin.end()
    await scratch.drop()
  })
  return { url: scratch.ownerUrl, client, seen, admin }
}

/** Applies a migration by hand: with psql, or without it the same text as one simple query. */
export async function byHand({ url, client, seen }: FreshDatabase, folder: string): Promise<void> {
  try {
    const { stderr } = await run('psql', [url, '-X', '-v', 'ON_ERROR_STOP=1', '-f', fileOf(folder)])
    seen.push(...stderr.split('\n').flatMap((line) => /NOTICE: {2}(.*)$/.exec(line)?.[1] ?? []))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await client.query(await textOf(folder))
  }
}
