import process from 'node:process'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { loadEnvFile } from '@vetcita/connection/env-file'
import { apiRoleCommand } from './commands/api-role.ts'
import { backupCommand } from './commands/backup.ts'
import { deployCommand } from './commands/deploy.ts'
import { doctorCommand } from './commands/doctor.ts'
import { loadCommand } from './commands/load.ts'
import { monitorCommand } from './commands/monitor.ts'
import { preflightCommand } from './commands/preflight.ts'
import { rollbackCommand } from './commands/rollback.ts'
import { verifyCommand } from './commands/verify.ts'
import { repositoryRoot } from './migrations.ts'

/** `pnpm ops <command>`: the steps of the migration guide, as commands that check their own results. */
export const program = new Command('pnpm ops')
  .description("Deploys, verifies, monitors and rolls back the migrations of a clinic's database.")
  .addHelpText(
    'after',
    '\nThe database is DIRECT_URL, or else DATABASE_URL. docs/runbook.md describes a release step by step.\nExit codes: 0 all is well, 1 a problem was found or the work failed, 2 wrong usage.',
  )
  .exitOverride()

for (const command of [
  preflightCommand,
  backupCommand,
  deployCommand,
  apiRoleCommand,
  verifyCommand,
  monitorCommand,
  rollbackCommand,
  doctorCommand,
  loadCommand,
])
  program.addCommand(command.exitOverride())

/**
 * Runs one command.
 *
 * @param args the arguments after `pnpm ops`
 * @returns the exit code: 0 all is well, 1 a problem was found or the work failed, 2 wrong usage
 */
export async function run(args: readonly string[]): Promise<number> {
  loadEnvFile(repositoryRoot)
  process.exitCode = 0
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
}
