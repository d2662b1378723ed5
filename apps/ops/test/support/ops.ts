import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'

export type Run = { code: number; stdout: string; stderr: string }

const main = path.resolve(import.meta.dirname, '../../src/main.ts')

/** Runs `pnpm ops <args>` on a database, as a process of its own: its exit code is half of what it says. */
export function ops(
  databaseUrl: string | undefined,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DIRECT_URL: databaseUrl, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal ? { signal: options.signal, killSignal: 'SIGKILL' as const } : {}),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', (error) => (error.name === 'AbortError' ? undefined : reject(error)))
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
