import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'

export type Run = { code: number; stdout: string; stderr: string }

const main = path.resolve(import.meta.dirname, '../../src/main.ts')

/**
 * Runs `pnpm ops <args>` on a database, as a process of its own: its exit code is half of what it says.
 *
 * @param options.killAt kills it, and whatever it started, as soon as its output matches
 */
export function ops(
  databaseUrl: string | undefined,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; killAt?: RegExp } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DIRECT_URL: databaseUrl, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a group of its own, so that killing it reaches the programs that it started
    detached: options.killAt !== undefined,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (options.killAt?.test(stdout) && child.pid !== undefined && child.exitCode === null) {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // it was faster and has ended
      }
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
