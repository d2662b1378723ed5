import { backend, book, reschedule, textOf } from '@vetcita/testing/sql/calls'
import { appointment, at, booking, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const db = await fileDatabase()

test('any move keeps id and length, and a refused move leaves the row unchanged', async () => {
  const clinic = await newClinic(db.admin, { bufferMinutes: 7, timezone: 'America/New_York' })
  await db.admin.query(`set time zone 'America/New_York'`)
  const ids: string[] = []
  for (const [index, minutes] of [5, 45, 480].entries()) {
    const outcome = await book(
      db.admin,
      backend,
      booking(clinic, {
        p_booked_by: clinic.admin,
        p_duration_minutes: minutes,
        p_start_time: at(100 + index, '10:00'),
      }),
    )
    ids.push(textOf(outcome, 'appointment_id'))
  }
  const move = fc.record({
    which: fc.nat({ max: 2 }),
    // four hundred days include every clock change
    minutes: fc.oneof(
      fc.integer({ min: -60, max: 400 * 24 * 60 }),
      fc.integer({ min: 100 * 24 * 60, max: 102 * 24 * 60 }),
    ),
    vet: fc.constantFrom(null, clinic.vet, clinic.otherVet, clinic.receptionist),
  })
  await fc.assert(
    fc.asyncProperty(move, async ({ which, minutes, vet }) => {
      const id = ids[which] ?? ''
      const before = await appointment(db.admin, id)
      const start = new Date(Date.parse(at(0, '00:00')) + minutes * 60_000)
      const outcome = await reschedule(db.admin, backend, {
        p_appointment_id: id,
        p_new_start_time: start.toISOString(),
        p_performed_by: clinic.admin,
        p_is_staff: true,
        p_new_vet_id: vet,
      })
      const after = await appointment(db.admin, id)
      if (!outcome.success || outcome.replayed === true) {
        expect(after).toEqual(before)
        return
      }
      expect(lengths(after)).toEqual(lengths(before))
      expect(after.start_time).toEqual(start)
      expect(after.vet_id).toBe(vet ?? before.vet_id)
      expect(after.version).toBe(Number(before.version) + 1)
      expect(after.created_by).toBe(before.created_by)
    }),
    { numRuns: 120 },
  )
  expect(await db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant])).toBe(
    3,
  )
  expect(await violations(db.admin, { appointmentIds: ids })).toEqual(noViolations)
})

function lengths(row: Record<string, unknown>): number[] {
  const times = [row.start_time, row.end_time, row.busy_until].map((time) =>
    time instanceof Date ? time.getTime() : Number.NaN,
  )
  return [(times[1] ?? 0) - (times[0] ?? 0), (times[2] ?? 0) - (times[1] ?? 0)]
}
