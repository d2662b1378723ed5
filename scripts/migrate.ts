import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { analyzeTables } from '@vetcita/catalogue/statistics'
import { migrationFolders, migrationsFolder, repositoryRoot, withClient } from '@vetcita/postgres'
import { startChild } from '@vetcita/postgres/children'
import pg from 'pg'

const insufficientPrivilege = '42501'

/**
 * Brings the database up to date with `prisma migrate deploy`, unless Prisma's own record says that nothing is missing or
 * changed: reading it here saves the second that Prisma takes.
 *
 * @returns `not permitted`, having done nothing, if this user may not read the record, as the API's own role may not
 * @throws Error with one sentence if the deploy fails; Prisma has then printed why
 */
export async function migrate(directUrl: string): Promise<'deployed' | 'up to date' | 'not permitted'> {
  try {
    if (await upToDate(directUrl)) return 'up to date'
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === insufficientPrivilege) return 'not permitted'
    throw error
  }
  const { code } = await startChild(
    path.join(repositoryRoot, 'node_modules/.bin/prisma'),
    ['migrate', 'deploy'],
    {
      cwd: repositoryRoot,
      env: {
        ...process.env,
        DIRECT_URL: directUrl,
        DATABASE_URL: directUrl,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  ).ended
  if (code !== 0)
    throw new Error(
      'The migrations failed for the reason printed above. Fix it and start again; "pnpm prisma migrate status" lists what was applied.',
    )
  await withClient(directUrl, analyzeTables)
  return 'deployed'
}

/** Whether Prisma's record holds every migration of this clone, finished, with its file's present checksum. */
function upToDate(directUrl: string): Promise<boolean> {
  return withClient(directUrl, async (client) => {
    const { rows: tables } = await client.query<{ there: boolean }>(
      `select to_regclass('public._prisma_migrations') is not null as there`,
    )
    if (!tables[0]?.there) return false
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
      `select migration_name, checksum, finished_at is not null as finished
       from public._prisma_migrations where rolled_back_at is null`,
    )
    const folders = await migrationFolders()
    if (rows.length !== folders.length || rows.some((row) => !row.finished)) return false
    const recorded = new Map(rows.map((row) => [row.migration_name, row.checksum]))
    for (const folder of folders) {
      // a checkout may have written each line end as CR LF, which no checksum minds
      const sql = (await readFile(path.join(migrationsFolder, folder, 'migration.sql'), 'utf8')).replaceAll(
        '\r\n',
        '\n',
      )
      if (recorded.get(folder) !== createHash('sha256').update(sql).digest('hex')) return false
    }
    return true
  })
}
