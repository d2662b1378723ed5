import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Identifies a process: on Linux by id and start time, because ids are reused; elsewhere by id alone. */
export type ProcessIdentity = string

/** Returns the identity of the process with this id, or undefined if there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!alive(pid)) return undefined
  if (process.platform !== 'linux') return String(pid)
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may contain blanks; the 22nd field of the line is the 20th after the name.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : `${pid}:${fields[19] ?? ''}`
  } catch {
    return undefined
  }
}

/** Whether the process with this identity is still running. */
export function stillRuns(identity: ProcessIdentity): boolean {
  return identify(Number.parseInt(identity, 10)) === identity
}

/** Whether `pid` is a PostgreSQL server, or one of its backends, on `dataFolder`. */
export function servesFolder(pid: number, dataFolder: string): boolean {
  if (identify(pid) === undefined) return false
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === dataFolder && /postgres/.test(commandOf(pid))
    } catch {
      return false
    }
  }
  const listed = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return listed.stdout.includes(dataFolder)
}

/**
 * Ends the processes that a killed server left on a data folder. Backends notice the death of their server within
 * moments, so they get three seconds to end by themselves; then, on Linux, they are killed.
 */
export async function endLeftovers(dataFolder: string): Promise<void> {
  if (process.platform !== 'linux') return
  const folder = await realpath(dataFolder)
  for (const [signal, patienceMs] of [
    [undefined, 3000],
    ['SIGQUIT', 2000],
    ['SIGKILL', 2000],
  ] as const) {
    const deadline = Date.now() + patienceMs
    const sent = new Set<number>()
    for (;;) {
      const left = allProcesses().filter((pid) => servesFolder(pid, folder))
      if (left.length === 0) return
      for (const pid of left) {
        if (signal && !sent.has(pid)) send(pid, signal)
        sent.add(pid)
      }
      if (Date.now() > deadline) break
      await sleep(50)
    }
  }
}

/** Sends a signal, unless the process is gone. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
}
