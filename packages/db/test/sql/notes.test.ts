import { backend, book, call, codeOf, user } from '@vetcita/testing/sql/calls'
import { at, booked, booking, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

const db = await fileDatabase()

describe('the notes of an appointment', () => {
  test('are written with a booking by staff and by a backend, and by nobody else', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    const noted = (hour: string) => booking(clinic, { p_start_time: at(3, hour), p_notes: 'Bites' })
    for (const actor of [clinic.owner, clinic.otherOwner, elsewhere.admin])
      expect(codeOf(await book(db.admin, user(actor), noted('10:00')))).toBe('FORBIDDEN')
    expect(codeOf(await book(db.admin, user(clinic.receptionist), noted('10:00')))).toBe('success')
    expect(codeOf(await book(db.admin, backend, noted('11:00')))).toBe('success')
    // none, in the words of an older client
    expect(codeOf(await book(db.admin, user(clinic.owner), { ...noted('12:00'), p_notes: '' }))).toBe(
      'success',
    )
  })

  test('are not written by who was demoted while the booking waited', async () => {
    const clinic = await newClinic(db.admin)
    await db.rows('update pets set owner_id = $1 where tenant_id = $2 and id = $3', [
      clinic.receptionist,
      clinic.tenant,
      clinic.pet,
    ])
    const outcome = await interleave(db, {
      // the vet, and the receptionist as the pet's owner, in the order in which the booking locks them
      hold: `select from profiles where tenant_id = '${clinic.tenant}'
        and id in ('${clinic.vet}', '${clinic.receptionist}') order by id for no key update`,
      call: (client) => book(client, user(clinic.receptionist), booking(clinic, { p_notes: 'Bites' })),
      whileWaiting: `update profiles set role = 'owner' where tenant_id = '${clinic.tenant}' and id = '${clinic.receptionist}'`,
    })
    expect(codeOf(outcome)).toBe('FORBIDDEN')
  })

  test('are read by the clinic’s staff, some appointments at a time, and by nobody else', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    const id = await booked(db.admin, clinic, { p_notes: 'Bites' })
    const plain = await booked(db.admin, clinic, { p_start_time: at(3, '11:00') })
    const foreign = await booked(db.admin, elsewhere, { p_notes: 'Theirs' })
    const read = async (actor: string, tenant = clinic.tenant) => {
      await db.admin.query('begin')
      await db.rows(
        `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
        [user(actor).claims],
      )
      const rows = await db.rows('select * from appointment_notes($1, $2)', [tenant, [id, plain, foreign]])
      await db.admin.query('rollback')
      return rows
    }
    for (const actor of [clinic.receptionist, clinic.vet, clinic.admin])
      expect(await read(actor)).toEqual([{ appointment_id: id, notes: 'Bites' }])
    for (const actor of [clinic.owner, clinic.otherOwner, elsewhere.admin])
      expect(await read(actor)).toEqual([])
    expect(await read(clinic.admin, elsewhere.tenant)).toEqual([])
  })

  test('are no column for an owner, nor is what replays of a booking compare', async () => {
    const clinic = await newClinic(db.admin)
    const args = booking(clinic, { p_idempotency_key: 'k' })
    expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('success')
    for (const actor of [clinic.owner, clinic.admin])
      for (const what of ['notes', 'idempotency_key', 'request_hash', '*', 'a', 'to_jsonb(a)']) {
        await db.admin.query('begin')
        await db.rows(
          `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
          [user(actor).claims],
        )
        expect(await sqlState(db.rows(`select ${what} from appointments a`)), what).toBe('42501')
        await db.admin.query('rollback')
      }
    const noted = await call(db.admin, user(clinic.owner), 'set_appointment_notes', {
      p_appointment_id: await booked(db.admin, clinic, { p_start_time: at(4, '10:00') }),
      p_notes: 'x',
    })
    expect(codeOf(noted)).toBe('FORBIDDEN')
  })
})
