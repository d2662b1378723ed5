import { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { runCommand } from '../command.ts'
import { databaseMessage, readTarget, withClient } from '../database.ts'
import { reloadSchema } from '../deploy/compose.ts'
import { clocks } from '../doctor/clocks.ts'
import { deadlocks } from '../doctor/deadlocks.ts'
import type { Diagnosis, FixStep, Patient } from '../doctor/diagnosis.ts'
import { functionMissing } from '../doctor/function-missing.ts'
import { openSchemas } from '../doctor/open-schemas.ts'
import { slowBookings } from '../doctor/slow-bookings.ts'
import { takenSlot } from '../doctor/taken-slot.ts'
import { Failure } from '../failure.ts'
import { migrationsThrough, readMigrations } from '../migrations.ts'
import { wholeNumber } from '../options.ts'
import type { Output } from '../output.ts'

const examinations = [openSchemas, functionMissing, deadlocks, slowBookings, takenSlot, clocks]

export const doctorCommand = new Command('doctor')
  .description("diagnose the migration guide's four problems on a live database; exit 1 if there is one")
  .option('--fix', 'fix what can be fixed without risk')
  .option('--dry-run', 'with --fix: print its SQL, change nothing')
  .option('--through <number>', 'the last migration that should be deployed, as in --through 090')
  .option('--vet <id>', 'with --at: report what occupies this slot')
  .option('--at <time>', 'the start of the slot, with an offset, as in 2026-12-01T09:00-03:00')
  .option('--minutes <count>', 'the length of the slot', wholeNumber(5, 480), 30)
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const { vet, at, minutes } = options
      if ((vet === undefined) !== (at === undefined))
        throw new Failure('--vet and --at name a slot together: give both, or neither.')
      const slot = vet === undefined || at === undefined ? undefined : { vet, start: at, minutes }
      return await withClient(readTarget(), async (client) => {
        const migrations = migrationsThrough(readMigrations(), options.through)
        const patient: Patient = { client, migrations, slot }
        const results: (Diagnosis & { fixed: string[]; remaining: string[] })[] = []
        for (const examine of examinations) {
          const diagnosis = await out.progress('Examining', () => examine(patient))
          const healthy = diagnosis.findings.length === 0
          out.check({ name: diagnosis.issue, verdict: healthy ? 'ok' : 'failed' })
          for (const finding of diagnosis.findings) out.say(`    ${finding}`)
          out.say(`    ${healthy ? '' : 'Fix: '}${diagnosis.advice}`)
          const fixed: string[] = []
          if (options.fix)
            for (const step of diagnosis.fix) {
              if (options.dryRun) out.say(step.sql)
              else {
                await applyFix(client, step, out)
                fixed.push(step.does)
              }
            }
          const remaining = fixed.length === 0 ? diagnosis.findings : (await examine(patient)).findings
          for (const finding of fixed.length === 0 ? [] : remaining) out.say(`    Still: ${finding}`)
          results.push({ ...diagnosis, fixed, remaining })
          // what others made would run in the queries of the next ones
          if (examine === openSchemas && !healthy) break
        }
        if (results.some(({ fixed }) => fixed.length > 0)) await client.query(reloadSchema)
        return {
          ok: results.every(({ remaining }) => remaining.length === 0),
          diagnoses: results,
        }
      })
    })
  })

async function applyFix(client: pg.Client, { does, sql }: FixStep, out: Output): Promise<void> {
  try {
    await out.progress(does, () => client.query(sql))
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new Failure(`The fix failed without further changes: ${databaseMessage(error)}`)
  }
  out.say(`    Done: ${does}`)
}
