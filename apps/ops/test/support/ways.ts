import { afterAll } from 'vitest'
import { editorScript } from '../../src/deploy/compose.ts'
import type { Method } from '../../src/deploy/deploy.ts'
import { migrationsThrough, readMigrations } from '../../src/migrations.ts'
import { asSuperuser } from './as-superuser.ts'
import { type EmptyDatabase, emptyDatabase, type servers } from './databases.ts'
import { deployTo } from './template.ts'

export type Way = Method | 'editor'

/** Four rotations, so that each method is used at each position. */
export const mixtures: [Way, Way, Way, Way][] = [
  ['prisma', 'editor', 'psql', 'node'],
  ['node', 'prisma', 'editor', 'psql'],
  ['psql', 'node', 'prisma', 'editor'],
  ['editor', 'psql', 'node', 'prisma'],
]

/** The migrations after which a mixture changes the method. */
const stops = ['000', '089', '093', undefined]

/** Pastes the editor's script as a SQL editor does: the whole text as one message. */
export async function paste(url: string, through?: string): Promise<void> {
  await asSuperuser(url, editorScript(migrationsThrough(readMigrations(), through), 500))
}

/** Deploys pending migrations through a number, or all of them. */
export async function deployBy(way: Way, url: string, through?: string): Promise<void> {
  if (way === 'editor') await paste(url, through)
  else await deployTo(url, through, { method: way })
}

export async function deployByMixture(ways: readonly Way[], url: string): Promise<void> {
  for (const [at, way] of ways.entries()) await deployBy(way, url, stops[at])
}

/** Makes empty databases on a server, which are dropped after the last test of the file or the `describe`. */
export function emptyDatabases(server: (typeof servers)[number]): () => Promise<EmptyDatabase> {
  const made: EmptyDatabase[] = []
  afterAll(async () => {
    for (const database of made) await database.drop()
  })
  return async () => {
    const database = await emptyDatabase(server.url(), server.platform)
    made.push(database)
    return database
  }
}
