import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { ProcessIdentity } from './processes.ts'

/** What is remembered about a server between runs; the file is readable by its owner alone. */
export type State = {
  port?: number
  password?: string
  /** who uses the running server: the last one to stop ends it, the dead don't count */
  uses: { process: ProcessIdentity; handle: string }[]
}

/** Reads the state of the server whose folder is `home`; a missing or damaged file is an empty state. */
export async function readState(home: string): Promise<State> {
  let told: unknown
  try {
    told = JSON.parse(await readFile(path.join(home, 'state.json'), 'utf8'))
  } catch {
    return { uses: [] }
  }
  if (typeof told !== 'object' || told === null) return { uses: [] }
  return {
    ...('port' in told && typeof told.port === 'number' ? { port: told.port } : {}),
    ...('password' in told && typeof told.password === 'string' ? { password: told.password } : {}),
    uses: 'uses' in told && Array.isArray(told.uses) ? told.uses.filter(isUse) : [],
  }
}

/** Replaces the state whole: a reader sees the old one or the new one. */
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
