import { Command } from '@commander-js/extra-typings'
import { runCommand } from '../command.ts'
import { databaseMessage, readTarget, withClient } from '../database.ts'
import { deadlocks } from '../doctor/deadlocks.ts'
import type { Diagnosis, Patient } from '../doctor/diagnosis.ts'
import { functionMissing } from '../doctor/function-missing.ts'
import { slowBookings } from '../doctor/slow-bookings.ts'
import { takenSlot } from '../doctor/taken-slot.ts'
import { Failure } from '../failure.ts'
import { readMigrations } from '../migrations.ts'
import { wholeNumber } from '../options.ts'

const examinations = [functionMissing, deadlocks, slowBookings, takenSlot]

export const doctorCommand = new Command('doctor')
  .description("diagnose the guide's four troubles on a live database; exit 1 if there is one")
  .option('--fix', 'mend what can be mended without risk')
  .option('--vet <id>', 'with --at: what stands in the way of this slot?')
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
        const patient: Patient = { client, migrations: readMigrations(), slot }
        const results: (Omit<Diagnosis, 'fix'> & { fixed: string[] })[] = []
        for (const examine of examinations) {
          const { fix, ...diagnosis } = await examine(patient)
          const healthy = diagnosis.findings.length === 0
          out.check({ name: diagnosis.issue, verdict: healthy ? 'ok' : 'failed' })
          for (const finding of diagnosis.findings) out.say(`    ${finding}`)
          out.say(`    ${healthy ? '' : 'Fix: '}${diagnosis.advice}`)
          const fixed = !healthy && options.fix && fix !== undefined ? await mended(fix) : []
          for (const step of fixed) out.say(`    Done: ${step}`)
          results.push({ ...diagnosis, fixed })
        }
        return {
          ok: results.every(({ findings, fixed }) => findings.length === 0 || fixed.length > 0),
          diagnoses: results,
        }
      })
    })
  })

async function mended(fix: NonNullable<Diagnosis['fix']>): Promise<string[]> {
  try {
    return await fix()
  } catch (error) {
    throw new Failure(`The fix failed, and changed nothing more: ${databaseMessage(error)}`)
  }
}
