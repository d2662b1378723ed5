import { spawn } from 'node:child_process'
import process from 'node:process'
import type { Target } from './database.ts'
import { Failure } from './failure.ts'

const parameters: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
}

/**
 * Returns the environment with which psql and pg_dump connect. The connection is not on the command line, because every
 * user of the machine could read it there.
 */
export function libpqEnvironment(target: Target, database?: string): NodeJS.ProcessEnv {
  const { config } = target.connection
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PGHOST: config.host ?? 'localhost',
    PGPORT: String(config.port ?? 5432),
    PGDATABASE: database ?? config.database,
    PGAPPNAME: 'vetcita-ops',
    LC_ALL: 'C',
  }
  if (config.user !== undefined) env.PGUSER = config.user
  if (typeof config.password === 'string') env.PGPASSWORD = config.password
  for (const [name, variable] of Object.entries(parameters)) {
    const value = new URL(target.url).searchParams.get(name)
    if (value !== null) env[variable] = value
  }
  return env
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
