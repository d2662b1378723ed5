import { call, changeStatus, codeOf, reschedule, user, visitor } from '@vetcita/testing/sql/calls'
import { at, booked, type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

const db = await fileDatabase()

describe('login.appointment_changes', () => {
  const changes = (since: string | null = null, overlapMs = 60_000) =>
    db.rows('select * from login.appointment_changes($1, $2)', [since, overlapMs])

  test('returns for each change the clinic, the appointment, and its days there before and after', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/Asuncion' })
    // 01:00 UTC is 22:00 of the previous day at the clinic
    const id = await booked(db.admin, clinic, { p_start_time: at(3, '01:00') })
    const staff = { p_performed_by: clinic.receptionist, p_is_staff: true }
    const admin = user(clinic.receptionist)
    await reschedule(db.admin, admin, {
      ...staff,
      p_appointment_id: id,
      p_new_start_time: at(3, '12:00'),
    })
    await changeStatus(db.admin, admin, { ...staff, p_appointment_id: id, p_new_status: 'confirmed' })
    const days = await db.rows(
      `select event, days::text[] as days, start_before, start_after from login.appointment_changes(null, 60000) where tenant_id = $1 and appointment_id = $2`,
      [clinic.tenant, id],
    )
    const [early, late] = [at(2, '00:00').slice(0, 10), at(3, '00:00').slice(0, 10)]
    const [first, moved] = [new Date(at(3, '01:00')), new Date(at(3, '12:00'))]
    expect(days).toEqual([
      { event: 'booked', days: [early], start_before: null, start_after: first },
      { event: 'rescheduled', days: [early, late], start_before: first, start_after: moved },
      { event: 'status_changed', days: [late], start_before: moved, start_after: moved },
    ])
  })

  test('returns changed notes with the day of the appointment, and nothing if the notes stay the same', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/Asuncion' })
    const id = await booked(db.admin, clinic, { p_start_time: at(3, '01:00') })
    for (const notes of ['Allergic', 'Allergic'])
      await call(db.admin, user(clinic.vet), 'set_appointment_notes', {
        p_appointment_id: id,
        p_notes: notes,
        p_performed_by: clinic.vet,
      })
    const early = at(2, '00:00').slice(0, 10)
    expect(
      await db.rows(
        `select event, days::text[] as days
         from login.appointment_changes(null, 60000) where tenant_id = $1 order by at`,
        [clinic.tenant],
      ),
    ).toEqual([
      { event: 'booked', days: [early] },
      { event: 'notes_changed', days: [early] },
    ])
  })

  test('returns both days of an appointment over midnight, and one of an appointment that ends at midnight', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/Asuncion' })
    const over = { p_duration_minutes: 60 }
    // 02:30 UTC is 23:30 of the previous day at the clinic
    const late = await booked(db.admin, clinic, { ...over, p_start_time: at(3, '02:30') })
    const ending = await booked(db.admin, clinic, {
      ...over,
      p_start_time: at(4, '02:30'),
      p_duration_minutes: 30,
    })
    await call(db.admin, user(clinic.vet), 'set_appointment_notes', {
      p_appointment_id: late,
      p_notes: 'Brings the carrier',
      p_performed_by: clinic.vet,
    })
    const [second, third] = [2, 3].map((day) => at(day, '00:00').slice(0, 10))
    expect(
      await db.rows(
        `select appointment_id as id, days::text[] as days
         from login.appointment_changes(null, 60000) where tenant_id = $1 order by at`,
        [clinic.tenant],
      ),
    ).toEqual([
      { id: late, days: [second, third] },
      { id: ending, days: [third] },
      { id: late, days: [second, third] },
    ])
  })

  test('with an overlap before the last time seen, a change that commits late is not missed', async () => {
    const clinic = await newClinic(db.admin)
    const slow = await db.connect()
    await slow.query('begin')
    const late = await booked(slow, clinic, { p_start_time: at(4, '10:00') })
    const early = await booked(db.admin, clinic, {
      p_start_time: at(4, '10:00'),
      p_vet_id: clinic.otherVet,
      p_pet_id: clinic.otherPet,
    })
    const seen = await changes()
    expect(seen.map((row) => row.appointment_id)).toContain(early)
    expect(seen.map((row) => row.appointment_id)).not.toContain(late)
    await slow.query('commit')
    const newest = String(await db.value('select max(at)::text from appointment_events'))
    expect((await changes(newest, 0)).map((row) => row.appointment_id)).not.toContain(late)
    expect((await changes(newest)).map((row) => row.appointment_id)).toContain(late)
  })

  test('reads only the end of its indexes, however long the history is', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    await db.rows(
      `insert into appointment_events (tenant_id, appointment_id, event, at)
       select $1, $2, 'booked', now() - n * interval '1 minute' from generate_series(1, 20000) n`,
      [clinic.tenant, id],
    )
    await db.rows(
      `insert into appointment_note_changes (tenant_id, appointment_id, at)
       select $1, $2, now() - n * interval '1 minute' from generate_series(1, 20000) n`,
      [clinic.tenant, id],
    )
    await db.admin.query('analyze appointment_events, appointment_note_changes')
    const [plan] = await db.rows(
      'explain (analyze, buffers, format json) select * from login.appointment_changes()',
    )
    const pages = JSON.stringify(plan).match(/"Shared (?:Hit|Read) Blocks": ?(\d+)/g) ?? []
    const total = pages.map((text) => Number(text.replace(/\D/g, ''))).reduce((sum, n) => sum + n, 0)
    expect(total).toBeLessThan(200)
  })

  test('may be executed only by the API’s login', async () => {
    for (const role of ['anon', 'authenticated', 'service_role'])
      expect(
        await db.value(
          `select has_function_privilege($1, 'login.appointment_changes(timestamptz, integer)', 'execute')`,
          [role],
        ),
      ).toBe(false)
  })
})

describe('set_appointment_notes', () => {
  const note = (
    id: string,
    actor: string,
    notes: string | null,
    change: Record<string, string | null> = {},
  ) =>
    call(db.admin, user(actor), 'set_appointment_notes', {
      p_appointment_id: id,
      p_notes: notes,
      p_performed_by: actor,
      ...change,
    })
  const notesOf = (id: string) => db.value('select notes from appointments where id = $1', [id])

  test('lets staff write, change and remove notes, and records who did, without a new version or event', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const events = () =>
      db.value('select count(*)::int from appointment_events where appointment_id = $1', [id])
    const writers = () =>
      db.value(
        'select array_agg(actor_id::text order by at) from appointment_note_changes where appointment_id = $1',
        [id],
      )
    for (const actor of [clinic.receptionist, clinic.vet, clinic.admin]) {
      expect(await note(id, actor, `  by ${actor} `)).toMatchObject({ success: true, version: 1 })
      expect(await notesOf(id)).toBe(`by ${actor}`)
    }
    expect(await note(id, clinic.vet, '   ')).toMatchObject({ success: true, notes: null })
    expect([await notesOf(id), await events()]).toEqual([null, 1])
    // a write that bypasses the function is recorded too, without an actor
    await db.rows(`update appointments set notes = 'x', reason = 'y' where id = $1`, [id])
    await db.rows(`update appointments set notes = 'x', reason = 'z' where id = $1`, [id])
    expect(await writers()).toEqual([clinic.receptionist, clinic.vet, clinic.admin, clinic.vet, null])
  })

  test('does not overwrite notes that the caller has not read', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    expect(codeOf(await note(id, clinic.vet, 'Allergic', { p_expected_notes: '' }))).toBe('success')
    expect(codeOf(await note(id, clinic.receptionist, 'Late', { p_expected_notes: '' }))).toBe(
      'STALE_VERSION',
    )
    // a retry after a lost answer
    expect(codeOf(await note(id, clinic.vet, 'Allergic', { p_expected_notes: '' }))).toBe('success')
    expect(await notesOf(id)).toBe('Allergic')
    expect(codeOf(await note(id, clinic.receptionist, 'Both', { p_expected_notes: 'Allergic' }))).toBe(
      'success',
    )
  })

  test('refuses pet owners, hides the appointment from others, and rereads the role after a wait', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const before = await everyRow(db.admin, clinic)
    expect(codeOf(await note(id, clinic.owner, 'x'))).toBe('FORBIDDEN')
    for (const actor of [clinic.otherOwner, elsewhere.admin])
      expect(codeOf(await note(id, actor, 'x'))).toBe('NOT_FOUND')
    expect(codeOf(await note(id, clinic.vet, 'x', { p_performed_by: clinic.admin }))).toBe('FORBIDDEN')
    expect(
      codeOf(await call(db.admin, { role: 'authenticated' }, 'set_appointment_notes', args(clinic, id))),
    ).toBe('FORBIDDEN')
    await expect(call(db.admin, visitor, 'set_appointment_notes', args(clinic, id))).rejects.toThrow(
      /permission/,
    )
    expect(await everyRow(db.admin, clinic)).toBe(before)
    const outcome = await interleave(db, {
      hold: `select from appointments where id = '${id}' for update`,
      call: (client) => call(client, user(clinic.vet), 'set_appointment_notes', args(clinic, id)),
      whileWaiting: `update profiles set role = 'owner' where tenant_id = '${clinic.tenant}' and id = '${clinic.vet}'`,
    })
    expect(codeOf(outcome)).toBe('NOT_FOUND')
  })

  const args = (clinic: Clinic, id: string) => ({
    p_appointment_id: id,
    p_notes: 'x',
    p_performed_by: clinic.vet,
  })
})
