import { readFileSync } from 'node:fs'
import path from 'node:path'
import { at, textAt } from './json.ts'

/**
 * Returns the URL of the embedded database that `pnpm start` made in a clone, as its owner, whom migrations log in as;
 * undefined before the first start.
 */
export function localDatabaseUrl(repositoryRoot: string): string | undefined {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(path.join(repositoryRoot, '.vetcita', file), 'utf8'))
  try {
    const port = at(read('postgres/state.json'), 'port')
    const password = textAt(read('secrets.json'), 'ownerPassword')
    if (typeof port !== 'number' || password === undefined) return undefined
    return `postgresql://vetcita_owner:${encodeURIComponent(password)}@127.0.0.1:${port}/vetcita`
  } catch {
    return undefined
  }
}
