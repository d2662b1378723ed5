import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** How a program ended: its exit code, which is 1 if a signal ended it. */
export type Ended = { code: number; signal: NodeJS.Signals | null }

export type Child = {
  process: ChildProcess
  /** Resolves when the program has ended; rejects if it could not be started. */
  ended: Promise<Ended>
  /** Sends a signal, SIGTERM by default, and waits for the end; sends SIGKILL after 15 seconds. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Starts a program. Unless `options` say otherwise it reads nothing and writes to this process's terminal. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code: code ?? 1, signal }))
  })
  return {
    process: child,
    ended,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal)
        const insist = setTimeout(() => child.kill('SIGKILL'), 15_000)
        await ended.finally(() => clearTimeout(insist))
      }
      return ended
    },
  }
}

/** Runs a program to its end and returns everything that it printed; `output` is both streams in order of arrival. */
export async function capture(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Ended & { stdout: string; output: string }> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
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
