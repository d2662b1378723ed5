import { book, codeOf, user } from '@vetcita/testing/sql/calls'
import { at, booking, type Clinic, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { nextClockChange, weekdayOf } from './support/zones.ts'

const db = await fileDatabase()

/** Books a slot as the pet owner, rolls it back, and returns the code. */
async function accepts(clinic: Clinic, start: string, minutes?: number): Promise<string> {
  await db.admin.query('begin')
  try {
    if (minutes !== undefined)
      await db.rows('update services set duration_minutes = $2 where tenant_id = $1', [
        clinic.tenant,
        minutes,
      ])
    return codeOf(await inTransaction(clinic, start))
  } finally {
    await db.admin.query('rollback')
  }
}

async function inTransaction(clinic: Clinic, start: string) {
  const outcome = await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: start }))
  await db.admin.query('reset role')
  return outcome
}

/** Returns the instant of a local time in a zone; if the clocks show that time twice, the second one. */
const instantOf = async (zone: string, local: string): Promise<string> => {
  const instant = await db.value('select $1::timestamp at time zone $2', [local, zone])
  if (!(instant instanceof Date)) throw new Error(`no instant for ${local}`)
  return instant.toISOString()
}

describe('OUTSIDE_HOURS', () => {
  test('a lunch break is two rows, and an appointment must end before it', async () => {
    const clinic = await newClinic(db.admin)
    const day = weekdayOf(at(7, '00:00'))
    await setHours(db.admin, clinic, [
      [day, '08:00', '12:00'],
      [day, '13:00', '17:00'],
    ])
    for (const time of ['07:59', '11:31', '11:45', '12:00', '12:30', '12:59', '16:31', '17:00', '00:00'])
      expect(await accepts(clinic, at(7, time)), time).toBe('OUTSIDE_HOURS')
    for (const time of ['08:00', '11:30', '13:00', '16:30'])
      expect(await accepts(clinic, at(7, time)), time).toBe('success')
    expect(await accepts(clinic, at(8, '10:00'))).toBe('OUTSIDE_HOURS')
  })

  test('adjoining and overlapping rows are one opening', async () => {
    const clinic = await newClinic(db.admin)
    const day = weekdayOf(at(7, '00:00'))
    await setHours(db.admin, clinic, [
      [day, '08:00', '12:00'],
      [day, '12:00', '14:00'],
      [day, '13:00', '16:00'],
    ])
    expect(await accepts(clinic, at(7, '11:45'))).toBe('success')
    expect(await accepts(clinic, at(7, '08:00'), 480)).toBe('success')
    expect(await accepts(clinic, at(7, '08:01'), 480)).toBe('OUTSIDE_HOURS')
  })

  test('a night shift is two rows that meet at midnight', async () => {
    const clinic = await newClinic(db.admin)
    const day = weekdayOf(at(7, '00:00'))
    await setHours(db.admin, clinic, [
      [day, '22:00', '24:00'],
      [(day % 7) + 1, '00:00', '06:00'],
    ])
    expect(await accepts(clinic, at(7, '23:45'))).toBe('success')
    expect(await accepts(clinic, at(7, '22:00'), 480)).toBe('success')
    expect(await accepts(clinic, at(8, '05:30'))).toBe('success')
    expect(await accepts(clinic, at(8, '05:31'))).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, at(7, '21:59'))).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, at(7, '05:00'))).toBe('OUTSIDE_HOURS')
  })

  test('the buffer may extend past the end of the hours', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 60 })
    await setHours(db.admin, clinic, [[weekdayOf(at(7, '00:00')), '08:00', '12:00']])
    expect(await accepts(clinic, at(7, '11:30'))).toBe('success')
  })

  test('a vet without hours can be booked at any time, and staff may book outside the hours', async () => {
    const clinic = await newClinic(db.admin)
    expect(await accepts(clinic, at(7, '03:00'))).toBe('success')
    await setHours(db.admin, clinic, [[weekdayOf(at(7, '00:00')), '08:00', '12:00']])
    expect(await accepts(clinic, at(7, '03:00'))).toBe('OUTSIDE_HOURS')
    expect(await accepts({ ...clinic, owner: clinic.receptionist }, at(7, '03:00'))).toBe('success')
  })

  test('hours are the clinic’s local time, not UTC or the session’s', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'Asia/Kathmandu' })
    await setHours(db.admin, clinic, [[weekdayOf(at(7, '00:00')), '08:00', '12:00']])
    await db.admin.query(`set time zone 'America/New_York'`)
    const day = at(7, '00:00').slice(0, 10)
    expect(await accepts(clinic, `${day}T08:00:00+05:45`)).toBe('success')
    expect(await accepts(clinic, `${day}T07:59:00+05:45`)).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, `${day}T11:30:00+05:45`)).toBe('success')
    expect(await accepts(clinic, `${day}T11:31:00+05:45`)).toBe('OUTSIDE_HOURS')
    await db.admin.query('reset time zone')
  })
})

describe('across a clock change', () => {
  test('New York in spring: the skipped hour holds nothing, and the hours around it adjoin', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/New_York' })
    const change = await nextClockChange(db.admin, 'America/New_York', 'forward')
    await setHours(db.admin, clinic, [[weekdayOf(change.date), '01:00', '04:00']])
    const at2 = Date.parse(change.instant)
    const fromChange = (minutes: number) => new Date(at2 + minutes * 60_000).toISOString()
    // 01:00 EST to 04:00 EDT is two hours of elapsed time, all of it open
    expect(await accepts(clinic, fromChange(-60), 120)).toBe('success')
    expect(await accepts(clinic, fromChange(-60), 121)).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, fromChange(-61))).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, fromChange(30))).toBe('success')
    expect(await accepts(clinic, fromChange(31))).toBe('OUTSIDE_HOURS')
    // hours within the skipped hour
    const never = await newClinic(db.admin, { timezone: 'America/New_York' })
    await setHours(db.admin, never, [[weekdayOf(change.date), '02:00', '03:00']])
    for (const minutes of [-60, -30, 0, 15, 30, 60])
      expect(await accepts(never, fromChange(minutes))).toBe('OUTSIDE_HOURS')
  })

  test('New York in autumn: the repeated hour is open twice', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/New_York' })
    const change = await nextClockChange(db.admin, 'America/New_York', 'back')
    await setHours(db.admin, clinic, [[weekdayOf(change.date), '01:00', '02:00']])
    const fromChange = (minutes: number) =>
      new Date(Date.parse(change.instant) + minutes * 60_000).toISOString()
    expect(await accepts(clinic, fromChange(-60))).toBe('success')
    expect(await accepts(clinic, fromChange(0))).toBe('success')
    expect(await accepts(clinic, fromChange(-60), 120)).toBe('success')
    expect(await accepts(clinic, fromChange(-61))).toBe('OUTSIDE_HOURS')
    expect(await accepts(clinic, fromChange(31))).toBe('OUTSIDE_HOURS')
    // half of that hour: open, closed, open, closed
    const half = await newClinic(db.admin, { timezone: 'America/New_York' })
    await setHours(db.admin, half, [[weekdayOf(change.date), '01:00', '01:30']])
    expect(await accepts(half, fromChange(-60))).toBe('success')
    expect(await accepts(half, fromChange(-30))).toBe('OUTSIDE_HOURS')
    expect(await accepts(half, fromChange(0))).toBe('success')
    expect(await accepts(half, fromChange(30))).toBe('OUTSIDE_HOURS')
  })

  test('Asunción is at UTC−3 all year', async () => {
    const clinic = await newClinic(db.admin, { timezone: 'America/Asuncion' })
    const year = new Date().getUTCFullYear() + 1
    for (const date of [`${year}-01-15`, `${year}-04-15`, `${year}-07-15`, `${year}-10-15`]) {
      await db.rows('delete from vet_hours where tenant_id = $1', [clinic.tenant])
      await setHours(db.admin, clinic, [[weekdayOf(date), '08:00', '12:00']])
      expect(await instantOf('America/Asuncion', `${date} 08:00`)).toBe(`${date}T11:00:00.000Z`)
      expect(await accepts(clinic, `${date}T08:00:00-03:00`)).toBe('success')
      expect(await accepts(clinic, `${date}T07:59:00-03:00`)).toBe('OUTSIDE_HOURS')
      expect(await accepts(clinic, `${date}T11:31:00-03:00`)).toBe('OUTSIDE_HOURS')
    }
  })
})
