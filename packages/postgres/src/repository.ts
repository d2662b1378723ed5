import path from 'node:path'

/** The folder of the clone, which contains `prisma/`, `.vetcita/` and the root `package.json`. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..')

/**
 * Refuses a folder in which the apps cannot be built: Vite takes the rest of a path for a part of a URL.
 *
 * @throws Error with one sentence
 */
export function refuseUnbuildable(folder: string = repositoryRoot): void {
  const found = /[#?*]/.exec(folder)?.[0]
  if (found !== undefined)
    throw new Error(
      `The apps cannot be built in ${folder}, because "${found}" means something else to Vite: move this checkout to a folder without it.`,
    )
}
