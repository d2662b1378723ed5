import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'

/** How a program ended: its exit code, 1 when a signal ended it. */
export type Ended = { code: number; signal: NodeJS.Signals | null }

export type Child = {
  process: ChildProcess
  /** Resolves when it has ended, however that came about. */
  ended: Promise<Ended>
  /** Asks it to end (SIGTERM) and waits; insists (SIGKILL) after `patienceMs`. */
  stop(patienceMs?: number): Promise<Ended>
}

/** Starts a program in `cwd` with this process's environment and `env` on top; it writes to our terminal. */
export function startChild(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Child {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code: code ?? 1, signal }))
  })
  return {
    process: child,
    ended,
    stop: async (patienceMs = 15_000) => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        const insist = setTimeout(() => child.kill('SIGKILL'), patienceMs)
        await ended
        clearTimeout(insist)
      }
      return ended
    },
  }
}

/** Runs a program to its end and returns everything that it printed, standard error included. */
export async function capture(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended & { stdout: string; output: string }> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, stdout, output }))
  })
}

/**
 * Resolves with the first signal that asks this process to end: Ctrl-C, a terminal that closes, a service manager.
 * A second Ctrl-C ends at once, whatever is left running.
 */
export function untilAskedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked && signal === 'SIGINT') process.exit(130)
        asked = true
        resolve(signal)
      })
  })
}
