import { readCatalogue } from '@vetcita/catalogue/read'
import { z } from 'zod'
import { expectedCatalogue, overlapConstraint } from '../catalogue/expected.ts'
import { problemWith } from '../catalogue/judge.ts'
import type { Examination, Patient } from './diagnosis.ts'

/**
 * Issue 4 of the guide: the screen shows a slot, and the booking answers SLOT_UNAVAILABLE. Another caller booked it in
 * between, which is correct. With a slot, reports what occupies it; without one, looks for anything that would make screen
 * and booking disagree permanently.
 */
export const takenSlot: Examination = async (patient) => {
  const issue = 'Slot looked free'
  const inTheWay = patient.slot === undefined ? [] : await occupants(patient, patient.slot)
  const constraint = problemWith(
    'constraints',
    `${overlapConstraint} on appointments`,
    expectedCatalogue(patient.migrations),
    await readCatalogue(patient.client),
  )
  const overlaps = constraint === null ? 0 : await countOverlaps(patient)
  const findings = [
    ...inTheWay,
    ...(constraint === null ? [] : [`${constraint}: a writer without a lock can book twice`]),
    ...(overlaps > 0 ? [`${overlaps} appointments start while their vet is busy with another one`] : []),
  ]
  const expected =
    'Another caller may book a slot between showing and booking it: that is correct, and the API answers with the three nearest free slots.'
  if (patient.slot !== undefined && inTheWay.length === 0)
    return {
      issue,
      findings,
      advice: `That slot is free now: no appointment or time off occupies it. ${expected}`,
      fix: [],
    }
  return {
    issue,
    findings,
    advice:
      constraint === null ? expected : `${expected} "pnpm ops deploy" builds the constraint (off-hours).`,
    fix: [],
  }
}

const occupant = z.object({ what: z.string() })

/** Returns what occupies a vet at that time: appointments with their buffers, and time off, without naming a person. */
async function occupants(
  { client }: Patient,
  { vet, start, minutes }: NonNullable<Patient['slot']>,
): Promise<string[]> {
  const { rows } = await client.query(
    `with slot as (select $2::timestamptz as from_time, $2::timestamptz + make_interval(mins => $3) as to_time)
     select format('appointment %s (%s) occupies %s to %s%s', a.id, a.status, a.start_time, a.end_time,
         case when a.busy_until > a.end_time then format(', and its buffer lasts until %s', a.busy_until) else '' end) as what
     from appointments a, slot
     where a.vet_id = $1 and a.status not in ('cancelled', 'no_show')
       and a.start_time < slot.to_time and a.busy_until > slot.from_time
     union all
     select format('time off %s lasts from %s to %s', o.id, o.start_time, o.end_time)
     from vet_time_off o, slot
     where o.vet_id = $1 and o.start_time < slot.to_time and o.end_time > slot.from_time`,
    [vet, start, minutes],
  )
  return z
    .array(occupant)
    .parse(rows)
    .map(({ what }) => what)
}

async function countOverlaps({ client }: Patient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (
       select start_time, max(busy_until) over (
         partition by tenant_id, vet_id order by start_time rows between unbounded preceding and 1 preceding
       ) as busy_before
       from appointments a where status not in ('cancelled', 'no_show')
         -- a column that databases before 106 do not have
         and coalesce(to_jsonb(a) ->> 'squeeze_in', 'false') = 'false'
     ) a where busy_before > start_time`,
  )
  return rows[0]?.count ?? 0
}
