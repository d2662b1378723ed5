import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { backupCommand } from './commands/backup.ts'
import { deployCommand } from './commands/deploy.ts'
import { doctorCommand } from './commands/doctor.ts'
import { loadCommand } from './commands/load.ts'
import { monitorCommand } from './commands/monitor.ts'
import { preflightCommand } from './commands/preflight.ts'
import { rollbackCommand } from './commands/rollback.ts'
import { verifyCommand } from './commands/verify.ts'
import { repositoryRoot } from './migrations.ts'

/**
 * `pnpm ops <command>`: what the deployment guide tells a person to type and compare by eye, as commands that check it.
 * Exit codes: 0 all is well, 1 something is not or could not be done, 2 the command was not understood.
 */
const envFile = path.join(repositoryRoot, '.env')
if (existsSync(envFile)) process.loadEnvFile(envFile)

const program = new Command('ops')
  .description('Deploys, checks, watches and takes back the migrations of a clinic database.')
  .exitOverride()

for (const command of [
  preflightCommand,
  deployCommand,
  verifyCommand,
  monitorCommand,
  rollbackCommand,
  doctorCommand,
  backupCommand,
  loadCommand,
])
  program.addCommand(command.exitOverride())

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
