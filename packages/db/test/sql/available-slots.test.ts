import { randomUUID } from 'node:crypto'
import { becomeText, type Caller, user, visitor } from '@vetcita/testing/sql/calls'
import {
  at,
  booked,
  type Clinic,
  fromNow,
  newClinic,
  setHours,
  takeTimeOff,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { type SlotQuery, slotsOf } from '@vetcita/testing/sql/slots'
import { describe, expect, test } from 'vitest'
import { nextClockChange, weekdayOf } from './support/zones.ts'

const db = await fileDatabase()

const slots = (clinic: Clinic, query: SlotQuery, caller: Caller = visitor) =>
  slotsOf(db.admin, caller, clinic, query)
const starts = async (clinic: Clinic, query: SlotQuery, caller: Caller = visitor) =>
  (await slots(clinic, query, caller)).map((slot) => slot.start)

const everyDay = (opens: string, closes: string) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, opens, closes] as const)

const dateOf = (days: number) => at(days, '00:00').slice(0, 10)

describe('the grid', () => {
  test('starts at each opening, continues in steps, and stops when the appointment no longer fits', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, [
      [weekdayOf(dateOf(3)), '08:10', '10:00'],
      [weekdayOf(dateOf(3)), '13:00', '14:00'],
    ])
    expect(await starts(clinic, { from: dateOf(3), to: dateOf(3), step: 30 })).toEqual([
      at(3, '08:10'),
      at(3, '08:40'),
      at(3, '09:10'),
      at(3, '13:00'),
      at(3, '13:30'),
    ])
    const [first] = await slots(clinic, { from: dateOf(3), to: dateOf(3), step: 120 })
    expect(first).toEqual({ vet: clinic.vet, start: at(3, '08:10'), end: at(3, '08:40') })
  })

  test('has steps of 15 minutes by default', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '09:00'))
    expect(await starts(clinic, { from: dateOf(3), to: dateOf(3) })).toEqual([
      at(3, '08:00'),
      at(3, '08:15'),
      at(3, '08:30'),
    ])
  })

  test('offers vets and admins who have hours, on the clinic’s dates, ordered by time', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '08:30'))
    await setHours(db.admin, clinic, everyDay('08:00', '08:30'), clinic.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '08:30'), clinic.receptionist)
    const found = await slots(clinic, { from: dateOf(3), to: dateOf(4) })
    expect(found.map((slot) => slot.start)).toEqual([
      at(3, '08:00'),
      at(3, '08:00'),
      at(4, '08:00'),
      at(4, '08:00'),
    ])
    expect(new Set(found.map((slot) => slot.vet))).toEqual(new Set([clinic.vet, clinic.admin]))
    expect(await slots(clinic, { from: dateOf(3), to: dateOf(3), vet: clinic.admin })).toHaveLength(1)
    expect(await slots(clinic, { from: dateOf(3), to: dateOf(3), vet: clinic.otherVet })).toEqual([])
    expect(await slots(clinic, { from: dateOf(3), to: dateOf(3), vet: randomUUID() })).toEqual([])
  })

  test('continues across adjoining rows and across midnight', async () => {
    const clinic = await newClinic(db.admin)
    const day = weekdayOf(dateOf(3))
    await setHours(db.admin, clinic, [
      [day, '22:00', '23:00'],
      [day, '23:00', '24:00'],
      [(day % 7) + 1, '00:00', '01:00'],
    ])
    const query = { from: dateOf(3), to: dateOf(3), step: 15 }
    const found = await starts(clinic, query)
    expect(found[0]).toBe(at(3, '22:00'))
    expect(found).toContain(at(3, '22:45'))
    expect(found.at(-1)).toBe(at(3, '23:45'))
    expect(found).toHaveLength(8)
    expect(await starts(clinic, { ...query, to: dateOf(4) })).toHaveLength(11)
  })
})

describe('does not offer', () => {
  test('taken times with the buffers on both sides, until the appointment is cancelled', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 15 })
    await setHours(db.admin, clinic, everyDay('08:00', '12:00'))
    const id = await booked(db.admin, clinic, { p_start_time: at(3, '10:00') })
    const query = { from: dateOf(3), to: dateOf(3), step: 15 }
    const free = await starts(clinic, query)
    expect(free).toContain(at(3, '09:15'))
    expect(free).not.toContain(at(3, '09:30'))
    expect(free).not.toContain(at(3, '10:30'))
    expect(free).toContain(at(3, '10:45'))
    await db.rows(`update appointments set status = 'cancelled' where id = $1`, [id])
    expect(await starts(clinic, query)).toContain(at(3, '10:00'))
  })

  test('time off, the past, inactive or unknown services, and unknown clinics', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('00:00', '24:00'))
    await takeTimeOff(db.admin, clinic, at(3, '10:00'), at(3, '11:00'))
    await takeTimeOff(db.admin, clinic, at(5, '10:00'), '3000-01-01T00:00:00Z')
    const free = await starts(clinic, { from: dateOf(3), to: dateOf(6), step: 30 })
    expect(free).toContain(at(3, '09:30'))
    expect(free).not.toContain(at(3, '10:00'))
    expect(free).not.toContain(at(3, '10:30'))
    expect(free).toContain(at(3, '11:00'))
    expect(free).toContain(at(5, '09:30'))
    expect(free.filter((start) => start >= at(5, '10:00'))).toEqual([])
    const soon = await starts(clinic, { from: dateOf(-1), to: dateOf(1), step: 5 })
    expect(soon.length).toBeGreaterThan(0)
    expect(soon.every((start) => Date.parse(start) > Date.now() - 5000)).toBe(true)
    expect(Date.parse(soon[0] ?? '')).toBeLessThan(Date.now() + 6 * 60_000)
    const query = { from: dateOf(4), to: dateOf(4) }
    expect(await starts(clinic, { ...query, service: randomUUID() })).toEqual([])
    await db.rows('update services set is_active = false where tenant_id = $1', [clinic.tenant])
    expect(await starts(clinic, query)).toEqual([])
    expect(await starts({ ...clinic, tenant: 'nowhere' }, query)).toEqual([])
  })

  test('vets who have left', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '09:00'))
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = $2', [
      clinic.tenant,
      clinic.vet,
    ])
    expect(await slots(clinic, { from: dateOf(3), to: dateOf(3) })).toEqual([])
  })
})

describe('across a clock change', () => {
  test('New York in spring: the skipped hour is not offered', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/New_York' })
    await setHours(db.admin, clinic, everyDay('01:00', '04:00'))
    const change = await nextClockChange(db.admin, 'America/New_York', 'forward')
    const found = await starts(clinic, { from: change.date, to: change.date, step: 30 })
    const fromChange = found.map((start) => (Date.parse(start) - Date.parse(change.instant)) / 60_000)
    expect(fromChange).toEqual([-60, -30, 0, 30])
    await db.rows('delete from vet_hours where tenant_id = $1', [clinic.tenant])
    await setHours(db.admin, clinic, everyDay('02:00', '03:00'))
    expect(await starts(clinic, { from: change.date, to: change.date, step: 5 })).toEqual([])
  })

  test('New York in autumn: the repeated hour is offered twice', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/New_York' })
    await setHours(db.admin, clinic, everyDay('01:00', '02:00'))
    const change = await nextClockChange(db.admin, 'America/New_York', 'back')
    const found = await starts(clinic, { from: change.date, to: change.date, step: 30 })
    const fromChange = found.map((start) => (Date.parse(start) - Date.parse(change.instant)) / 60_000)
    expect(fromChange).toEqual([-60, -30, 0, 30])
    await db.rows('delete from vet_hours where tenant_id = $1', [clinic.tenant])
    await setHours(db.admin, clinic, everyDay('01:00', '01:30'))
    const halves = await starts(clinic, { from: change.date, to: change.date, step: 30 })
    expect(halves.map((start) => (Date.parse(start) - Date.parse(change.instant)) / 60_000)).toEqual([-60, 0])
  })

  test('Asunción is at UTC−3 all year', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/Asuncion' })
    await setHours(db.admin, clinic, everyDay('08:00', '08:30'))
    const year = new Date().getUTCFullYear() + 1
    for (const date of [`${year}-01-15`, `${year}-07-15`])
      expect(await starts(clinic, { from: date, to: date })).toEqual([`${date}T11:00:00.000Z`])
  })

  test.for(['Pacific/Kiritimati', 'Etc/GMT+12', 'Asia/Kathmandu'])(
    '%s: a day is the clinic’s calendar day, however far it is from UTC',
    async (timezone) => {
      const clinic = await newClinic(db.admin, { timezone })
      await setHours(db.admin, clinic, everyDay('00:00', '24:00'))
      const date = dateOf(5)
      const found = await starts(clinic, { from: date, to: date, step: 120 })
      expect(found).toHaveLength(12)
      expect(await db.value('select $1::timestamp at time zone $2', [date, timezone])).toEqual(
        new Date(found[0] ?? 0),
      )
    },
  )
})

describe('for a move', () => {
  test('uses the length and buffer of the appointment, which does not block itself', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 30 })
    await setHours(db.admin, clinic, everyDay('08:00', '12:00'))
    const id = await booked(db.admin, clinic, { p_start_time: at(3, '10:00'), p_duration_minutes: 60 })
    await db.rows(
      'update services set duration_minutes = 5, buffer_minutes = 0, is_active = false where tenant_id = $1',
      [clinic.tenant],
    )
    const query = { from: dateOf(3), to: dateOf(3), step: 60, appointment: id }
    const all = ['08:00', '09:00', '10:00', '11:00'].map((time) => at(3, time))
    expect(await starts(clinic, query, user(clinic.owner))).toEqual(all)
    expect(await starts(clinic, query, user(clinic.receptionist))).toEqual(all)
    await booked(db.admin, clinic, {
      p_start_time: at(3, '11:30'),
      p_pet_id: clinic.otherPet,
      p_service_id: await anotherService(clinic),
    })
    expect(await starts(clinic, query, user(clinic.owner))).toEqual(all.slice(0, 3))
  })

  test('offers slots only to the appointment’s pet owner and to staff', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '12:00'))
    const id = await booked(db.admin, clinic, { p_start_time: at(3, '10:00') })
    const query = { from: dateOf(3), to: dateOf(3), appointment: id }
    expect((await starts(clinic, query, user(clinic.owner))).length).toBeGreaterThan(0)
    for (const caller of [
      visitor,
      user(clinic.otherOwner),
      user(elsewhere.admin),
      { role: 'authenticated' },
      { role: 'authenticated', claims: '{"role":"service_role"}' },
    ])
      expect(await starts(clinic, query, caller)).toEqual([])
  })

  test('offers nothing if the status or the notice would refuse the move', async () => {
    const clinic = await newClinic(db.admin, { noticeMinutes: 120 })
    await setHours(db.admin, clinic, everyDay('00:00', '24:00'))
    const near = await booked(db.admin, clinic, { p_start_time: fromNow(60) })
    const query = { from: dateOf(3), to: dateOf(3), appointment: near }
    expect(await starts(clinic, query, user(clinic.owner))).toEqual([])
    expect((await starts(clinic, query, user(clinic.receptionist))).length).toBeGreaterThan(0)
    await db.rows(`update appointments set status = 'completed' where id = $1`, [near])
    expect(await starts(clinic, query, user(clinic.receptionist))).toEqual([])
  })
})

describe('invalid arguments raise 22023', () => {
  test.for([
    ['step 4', { step: 4 }],
    ['step 121', { step: 121 }],
    ['step 0', { step: 0 }],
    ['step null', { step: null }],
    ['63 days', { from: '2031-01-01', to: '2031-03-04' }],
    ['to before from', { from: '2031-01-02', to: '2031-01-01' }],
    ['from null', { from: null }],
    ['to null', { to: null }],
    ['infinity', { from: 'infinity', to: 'infinity' }],
    ['-infinity', { from: '-infinity' }],
    ['service null', { service: null }],
    ['the year 9999', { from: '9999-12-31', to: '9999-12-31' }],
  ] as const)('%s', async ([, change]) => {
    const clinic = await newClinic(db.admin)
    const query = { from: '2031-01-01', to: '2031-01-01', ...change }
    expect(await sqlState(slots(clinic, query))).toBe('22023')
  })

  test('62 days are allowed, and a null clinic raises 22023', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay('08:00', '08:30'))
    expect(await slots(clinic, { from: '2031-01-01', to: '2031-03-03' })).toHaveLength(62)
    expect(
      await sqlState(
        db.admin.query(
          `${becomeText(visitor)}; select * from available_slots(null, '${clinic.service}', '2031-01-01', '2031-01-01')`,
        ),
      ),
    ).toBe('22023')
  })
})

async function anotherService(clinic: Clinic): Promise<string> {
  const id = randomUUID()
  await db.rows(`insert into services (tenant_id, id, name) values ($1, $2, 'Baño')`, [clinic.tenant, id])
  return id
}
