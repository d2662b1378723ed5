import { spawn } from 'node:child_process'
import process from 'node:process'
import type { Target } from './database.ts'
import { Failure } from './failure.ts'

/**
 * Returns the environment with which psql and pg_dump connect: the address alone decides, and none of libpq's variables that
 * happen to be set here, which node-postgres does not know.
 */
export function libpqEnvironment(target: Target, database = target.config.database): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') || name === 'PGPASSFILE',
  )
  return {
    ...Object.fromEntries(inherited),
    ...target.libpq,
    PGDATABASE: database,
    PGAPPNAME: 'vetcita-ops',
    PGCLIENTENCODING: 'UTF8',
    LC_ALL: 'C',
  }
}

export type Program = { code: number; stdout: string; stderr: string }

/**
 * Runs one of PostgreSQL's own programs to its end.
 *
 * @throws Failure if it is not installed
 */
export async function runProgram(
  name: 'psql' | 'pg_dump',
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; input?: string; signal?: AbortSignal },
): Promise<Program> {
  const child = spawn(name, args, { env: options.env, stdio: ['pipe', 'pipe', 'pipe'] })
  options.signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // a program that ends early stops reading; only its exit code matters
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new Failure(
              `${name} is not installed.`,
              'Install PostgreSQL\'s client programs, as in "apt-get install postgresql-client".',
            )
          : error,
      ),
    )
    child.once('close', (ended) => resolve(ended ?? 1))
  })
  return { code, stdout, stderr }
}
