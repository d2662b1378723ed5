import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { run } from '../../src/program.ts'

export type Run = { code: number; stdout: string; stderr: string }

const main = path.resolve(import.meta.dirname, '../../src/main.ts')

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs `pnpm ops <args>` on a database in this process, and returns its output and exit code. Runs are queued, because the
 * process has only one environment and one standard output.
 */
export function ops(databaseUrl: string, args: readonly string[]): Promise<Run> {
  const next = last.then(() => runHere(databaseUrl, args))
  last = next.catch(() => {})
  return next
}

async function runHere(databaseUrl: string, args: readonly string[]): Promise<Run> {
  const { DATABASE_URL, DIRECT_URL } = process.env
  const exitCode = process.exitCode
  const written = { stdout: '', stderr: '' }
  const writers = { stdout: process.stdout.write, stderr: process.stderr.write }
  Object.assign(process.env, { DATABASE_URL: databaseUrl, DIRECT_URL: databaseUrl })
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (chunk: string | Uint8Array) => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      return true
    }
  try {
    return { code: await run(args), ...written }
  } finally {
    for (const name of ['stdout', 'stderr'] as const) process[name].write = writers[name]
    process.exitCode = exitCode
    for (const [name, value] of Object.entries({ DATABASE_URL, DIRECT_URL })) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

/**
 * Runs `pnpm ops <args>` as a separate process, for tests of its environment, of signals and of being killed.
 *
 * @param options.at `signal` is sent as soon as standard output matches
 * @param options.signal SIGKILL also reaches the processes that it started
 */
export function opsProcess(
  databaseUrl: string | undefined,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; at?: RegExp; signal?: 'SIGKILL' | 'SIGINT' } = {},
): Promise<Run> {
  const { at, signal = 'SIGKILL' } = options
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DIRECT_URL: databaseUrl, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a separate process group, so that killing it reaches the programs that it started
    detached: at !== undefined,
  })
  let stdout = ''
  let stderr = ''
  let sent = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (sent || !at?.test(stdout) || child.pid === undefined || child.exitCode !== null) return
    sent = true
    try {
      process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal)
    } catch {
      // the process has already ended
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
