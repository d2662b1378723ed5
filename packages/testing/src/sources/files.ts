import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { migrationsFolder, repositoryRoot } from '@vetcita/postgres'

/** A file of `prisma/sql`: one function (with its triggers), one view, or the policies and rights of one table. */
export type SourceFile = {
  /** `booking/slot_refusals.sql` */
  path: string
  /** What it makes: `slot_refusals`, `login.signed_in`, `policies of pets`; see `SqlObject`. */
  key: string
  text: string
}

/** `prisma/sql` and `prisma/migrations` of a clone. */
export type SqlFolders = { sources: string; migrations: string }

export const sqlFolders: SqlFolders = {
  sources: path.join(repositoryRoot, 'prisma/sql'),
  migrations: migrationsFolder,
}

/**
 * Reads the files of `prisma/sql`, in the order of their paths.
 *
 * @throws Error if a file is not named after what it makes, makes what another one makes, or has no comment to put a
 *   migration's number in
 */
export async function readSources({ sources }: SqlFolders = sqlFolders): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const entry of (await readdir(sources, { recursive: true })).sort()) {
    const file = entry.split(path.sep).join('/')
    if (!file.endsWith('.sql')) continue
    const text = await readFile(path.join(sources, entry), 'utf8')
    const key = keyOf(file, text)
    const twin = files.find((other) => other.key === key)
    if (twin) throw new Error(`prisma/sql/${file} and prisma/sql/${twin.path} both make ${key}.`)
    if (stamped(text, '000') === text)
      throw new Error(`prisma/sql/${file} has no "comment on", which is where a migration leaves its number.`)
    files.push({ path: file, key, text })
  }
  return files
}

function keyOf(file: string, text: string): string {
  const name = path.posix.basename(file, '.sql')
  if (path.posix.dirname(file) === 'policies') return `policies of ${name}`
  const made = /^create or replace (?:function|view) ([\w.]+)/m.exec(text)?.[1]
  if (made?.replace(/^.*\./, '') !== name)
    throw new Error(
      `prisma/sql/${file} should make ${name}, by "create or replace", and makes ${made ?? 'nothing'}.`,
    )
  return made
}

/** The text with a migration's number at the head of each comment, as `schema_version()` and `refuse_downgrade` read it. */
function stamped(text: string, number: string): string {
  return text.replace(
    /^comment on (?:function|view|policy)\b[^;']*\bis\s+'/gm,
    (opening) => `${opening}Migration ${number}. `,
  )
}

/** The newest text of each source in the migrations, and the migration that it is in. */
export type Chunk = { folder: string; text: string }

/**
 * Reads what the migrations have of each source: the lines after `-- prisma/sql/<path>`, up to the next such line or
 * `-- prisma/sql ends`. Later migrations win.
 */
export async function readChunks({ migrations }: SqlFolders = sqlFolders): Promise<Map<string, Chunk>> {
  const chunks = new Map<string, Chunk>()
  for (const folder of (await readdir(migrations)).sort()) {
    const file = path.join(migrations, folder, 'migration.sql')
    if (!existsSync(file)) continue
    const sql = await readFile(file, 'utf8')
    for (const [, source = '', text = ''] of sql.matchAll(chunkPattern))
      chunks.set(source, { folder, text: `${text.trimEnd()}\n` })
  }
  return chunks
}

const chunkPattern = /^-- prisma\/sql\/(\S+)\n([\s\S]*?)(?=^-- prisma\/sql(?:\/| ends$))/gm

/** A source's text as a migration holds it. */
export function chunkOf({ path: file, text }: SourceFile, number: string): string {
  return `-- prisma/sql/${file}\n${stamped(text, number)}`
}
