import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { LOCK_TIMEOUT_VARIABLE } from '@vetcita/schema-engine/connection'
import type { Target } from '../database.ts'
import { type Migration, migrationsFolder, repositoryRoot } from '../migrations.ts'
import { withoutSecrets } from '../secrets.ts'
import { ScriptFailure } from './locks.ts'

/** The variable from which apps/ops/prisma.config.ts reads the migrations' folder. */
export const folderVariable = 'VETCITA_MIGRATIONS_FOLDER'

/**
 * Runs `prisma migrate deploy` for these migrations. Prisma deploys everything in its folder, so it gets a folder with
 * only these.
 *
 * @param onLine is called with each line that Prisma prints
 * @throws ScriptFailure with the SQLSTATE, if a migration failed in the database
 */
export async function runByPrisma(
  target: Target,
  migrations: readonly Migration[],
  lockTimeoutMs: number,
  onLine: (line: string) => void,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-migrations-'))
  try {
    for (const name of ['migration_lock.toml', ...migrations.map((migration) => migration.name)])
      await cp(path.join(migrationsFolder, name), path.join(folder, name), { recursive: true })
    await deploy(target, folder, lockTimeoutMs, onLine)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function deploy(
  target: Target,
  folder: string,
  lockTimeoutMs: number,
  onLine: (line: string) => void,
): Promise<void> {
  const packageFolder = path.join(repositoryRoot, 'apps/ops')
  const child = spawn(
    path.join(packageFolder, 'node_modules/.bin/prisma'),
    ['migrate', 'deploy', '--config', path.join(packageFolder, 'prisma.config.ts')],
    {
      cwd: packageFolder,
      env: {
        ...process.env,
        // the Node that runs this program, not another installed one
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
        DIRECT_URL: target.url,
        DATABASE_URL: target.url,
        [LOCK_TIMEOUT_VARIABLE]: String(lockTimeoutMs),
        [folderVariable]: folder,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  let line = ''
  const receive = (text: string) => {
    output += text
    const lines = `${line}${text}`.split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) if (whole.trim() !== '') onLine(withoutSecrets(whole.trimEnd()))
  }
  child.stdout.setEncoding('utf8').on('data', receive)
  child.stderr.setEncoding('utf8').on('data', receive)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (ended) => resolve(ended ?? 1))
  })
  if (code === 0) return
  const problem = /Database error:\s*\n(?:ERROR: )?([\s\S]*)$/.exec(output)?.[1] ?? output
  // 55P03 before any migration has begun means that Prisma's own lock could not be had in time.
  throw new ScriptFailure(problem.trim(), /Database error code: (\w{5})/.exec(output)?.[1])
}
