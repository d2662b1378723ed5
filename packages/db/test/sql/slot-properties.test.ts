import { user } from '@vetcita/testing/sql/calls'
import { at, inserted, newClinic, setHours, takeTimeOff } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { acceptedBookings, acceptedMoves, addGrid, offered } from './support/grid.ts'
import { nextClockChange, weekdayOf } from './support/zones.ts'

// The offered slots are exactly those that a booking accepts. Every start on a grid of five minutes is tried as the pet
// owner and rolled back. A missing slot fails, and so does one too many.

const db = await fileDatabase()
beforeAll(() => addGrid(db.admin))

const keys = (starts: ReadonlyArray<{ key: string }>) => starts.map(({ key }) => key)
const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

describe('around a clock change', () => {
  test.for([
    ['America/New_York', 'forward', '00:00', '06:00'],
    ['America/New_York', 'back', '00:30', '05:00'],
    ['America/New_York', 'back', '01:00', '01:30'],
    ['America/New_York', 'forward', '02:30', '04:00'],
    // by half an hour
    ['Australia/Lord_Howe', 'forward', '01:00', '04:00'],
    ['Australia/Lord_Howe', 'back', '01:00', '04:00'],
    // by two hours
    ['Antarctica/Troll', 'forward', '00:00', '06:00'],
    ['Antarctica/Troll', 'back', '00:00', '06:00'],
    // at midnight: the day's first hour is skipped, or its last hour repeats
    ['America/Santiago', 'forward', '00:00', '03:00'],
    ['America/Santiago', 'back', '22:00', '24:00'],
    ['Africa/Cairo', 'forward', '00:00', '03:00'],
    ['Africa/Cairo', 'back', '21:00', '24:00'],
    ['America/Havana', 'forward', '00:00', '03:00'],
    ['Atlantic/Azores', 'back', '00:00', '03:00'],
    ['America/St_Johns', 'back', '00:00', '04:00'],
  ] as const)('%s, %s, open %s to %s', async ([zone, direction, opens, closes]) => {
    const clinic = await newClinic(db.admin, { timezone: zone, bufferMinutes: 5 })
    const change = await nextClockChange(db.admin, zone, direction)
    // on the days around it too, because some changes happen on the evening before
    for (const shift of [-1, 0, 1]) {
      const date = new Date(Date.parse(change.date) + shift * 86_400_000).toISOString()
      await setHours(db.admin, clinic, [[weekdayOf(date), opens, closes]])
    }
    await inserted(db.admin, clinic, change.instant, { minutes: 10 })
    const day = (shift: number) =>
      new Date(Date.parse(change.date) + shift * 86_400_000).toISOString().slice(0, 10)
    const query = {
      client: db.admin,
      caller: user(clinic.owner),
      clinic,
      zone,
      from: day(-1),
      to: day(0),
    }
    const accepted = await acceptedBookings(query, [clinic.vet])
    expect(accepted.length).toBeGreaterThan(0)
    expect(keys(await offered(query, 5))).toEqual(keys(accepted))
  })
})

const hoursRow = fc
  .record({
    weekday: fc.integer({ min: 1, max: 7 }),
    opens: fc.integer({ min: 0, max: 284 }),
    length: fc.integer({ min: 1, max: 140 }),
    second: fc.boolean(),
  })
  .map(({ weekday, opens, length, second }) => ({
    weekday,
    opens: opens * 5,
    closes: Math.min(opens + length, 288) * 5,
    second,
  }))

const world = fc.record({
  zone: fc.constantFrom(
    'America/Asuncion',
    'America/New_York',
    'Asia/Kathmandu',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Europe/London',
  ),
  duration: fc.integer({ min: 1, max: 24 }).map((fives) => fives * 5),
  buffer: fc.integer({ min: 0, max: 12 }).map((fives) => fives * 5),
  hours: fc.array(hoursRow, { minLength: 7, maxLength: 16 }),
  /** minutes from the first midnight UTC */
  taken: fc.array(
    fc.record({
      start: fc.integer({ min: -100, max: 500 }).map((fives) => fives * 5),
      minutes: fc.integer({ min: 1, max: 60 }),
      second: fc.boolean(),
      status: fc.constantFrom('scheduled', 'completed', 'cancelled', 'no_show'),
    }),
    { maxLength: 6 },
  ),
  away: fc.array(
    fc.record({
      start: fc.integer({ min: -100, max: 2000 }),
      minutes: fc.integer({ min: 1, max: 300 }),
      second: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  step: fc.constantFrom(10, 15, 25, 60, 120),
})

test('holds for random hours, zones, appointments and absences, for bookings and for moves', async () => {
  let offers = 0
  await fc.assert(
    fc.asyncProperty(world, async ({ zone, duration, buffer, hours, taken, away, step }) => {
      const clinic = await newClinic(db.admin, { timezone: zone, bufferMinutes: buffer })
      await db.rows('update services set duration_minutes = $2 where tenant_id = $1', [
        clinic.tenant,
        duration,
      ])
      const vetOf = (second: boolean) => (second ? clinic.otherVet : clinic.vet)
      for (const { weekday, opens, closes, second } of hours)
        await setHours(db.admin, clinic, [[weekday, clock(opens), clock(closes)]], vetOf(second))
      const from = at(4, '00:00').slice(0, 10)
      const instant = (minutes: number) =>
        new Date(Date.parse(at(4, '00:00')) + minutes * 60_000).toISOString()
      for (const { start, minutes, second, status } of taken)
        await db.rows(
          `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
           values ($1, $2, $3, $4, $5, $5::timestamptz + make_interval(mins => $6), $7) on conflict do nothing`,
          [clinic.tenant, clinic.otherPet, clinic.service, vetOf(second), instant(start), minutes, status],
        )
      for (const { start, minutes, second } of away)
        await takeTimeOff(db.admin, clinic, instant(start), instant(start + minutes), vetOf(second))
      const mine = await inserted(db.admin, clinic, at(6, '10:05'), { minutes: 35 })

      const query = { client: db.admin, caller: user(clinic.owner), clinic, zone, from, to: from }
      const vets = [clinic.vet, clinic.otherVet].filter((vet) =>
        hours.some(({ second }) => vetOf(second) === vet),
      )
      const accepted = await acceptedBookings(query, vets)
      const fine = await offered(query, 5)
      expect(keys(fine)).toEqual(keys(accepted))
      expect(keys(await offered(query, 5, mine))).toEqual(keys(await acceptedMoves(query, mine, vets)))

      // a coarser step offers those of the fine grid that are on the grid of their opening
      const onGrid = fine.filter(({ key, weekday, minute }) =>
        hours.some(
          (row) =>
            key.startsWith(vetOf(row.second)) &&
            row.weekday === weekday &&
            row.opens <= minute &&
            minute < row.closes &&
            (minute - row.opens) % step === 0,
        ),
      )
      expect(keys(await offered(query, step))).toEqual(keys(onGrid))
      offers += fine.length
    }),
    { numRuns: 8 },
  )
  expect(offers).toBeGreaterThan(0)
})
