import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { ProcessIdentity } from './processes.ts'

/** What is kept about a server between runs, in a file that only its owner can read. */
export type State = {
  port?: number
  password?: string
  /** the users of the running server: the last one to stop it ends it; dead processes don't count */
  uses: { process: ProcessIdentity; handle: string }[]
}

/** Reads the state of the server in `home`; a missing or damaged file gives an empty state. */
export async function readState(home: string): Promise<State> {
  let saved: unknown
  try {
    saved = JSON.parse(await readFile(path.join(home, 'state.json'), 'utf8'))
  } catch {
    return { uses: [] }
  }
  if (typeof saved !== 'object' || saved === null) return { uses: [] }
  return {
    ...('port' in saved && typeof saved.port === 'number' ? { port: saved.port } : {}),
    ...('password' in saved && typeof saved.password === 'string' ? { password: saved.password } : {}),
    uses: 'uses' in saved && Array.isArray(saved.uses) ? saved.uses.filter(isUse) : [],
  }
}

/** Replaces the state atomically: a reader sees the old one or the new one. */
export async function writeState(home: string, state: State): Promise<void> {
  const partial = path.join(home, `state.json.${process.pid}`)
  await writeFile(partial, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, path.join(home, 'state.json'))
}

function isUse(value: unknown): value is State['uses'][number] {
  return (
    typeof value === 'object' &&
    value !== null &&
    'process' in value &&
    typeof value.process === 'string' &&
    'handle' in value &&
    typeof value.handle === 'string'
  )
}
