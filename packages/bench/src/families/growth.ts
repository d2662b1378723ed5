import { availableSlots, clinicSchedule, createDatabase, type Database } from '@vetcita/db'
import type { LoadClinic } from '@vetcita/ops/load/clinic'
import type { BenchDatabase } from '../bench-database.ts'
import type { Booker } from '../contender.ts'
import { functionThroughPg } from '../contenders/function.ts'
import { drive, firstDay, requests } from '../drive.ts'
import { atMost, type Figure, figure, withSpread } from '../figures.ts'
import { fillHistory } from '../history.ts'
import type { Effort, Report } from '../report.ts'
import { poolSize, type Stage } from '../stage.ts'
import { apiOf } from './booking.ts'

/** A database with that many appointments of a hundred vets. */
type Grown = {
  rows: number
  place: BenchDatabase
  clinic: LoadClinic
  receptionist: string
  booker: Booker
  db: Database
}

async function grow(stage: Stage, rows: number): Promise<Grown> {
  const place = await stage.openDatabase()
  const [clinic] = await fillHistory(place, stage.accounts, rows)
  if (clinic === undefined) throw new Error('no clinic')
  const { rows: staff } = await place.admin.query<{ id: string }>(
    `insert into profiles (tenant_id, role, full_name) values ($1, 'receptionist', 'Bench') returning id`,
    [clinic.tenant],
  )
  await place.admin.query(
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
     select $1, vet, day, '08:00', '18:00' from unnest($2::uuid[]) vet, generate_series(1, 7) day`,
    [clinic.tenant, clinic.vets],
  )
  await place.admin.query('vacuum analyze')
  return {
    rows,
    place,
    clinic,
    receptionist: staff[0]?.id ?? '',
    booker: await functionThroughPg.open(place, apiOf(stage)),
    db: createDatabase(place.apiUrl, { poolSize }),
  }
}

async function perSecond(
  callers: number,
  milliseconds: number,
  call: () => Promise<unknown>,
): Promise<number> {
  let calls = 0
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - begun < milliseconds) {
        await call()
        calls += 1
      }
    }),
  )
  return (calls / (performance.now() - begun)) * 1000
}

/** A day that is full even in the smallest table, whose appointments are in the three days before a month from now. */
const fullDay = new Date(firstDay.getTime() + 26 * 86_400_000).toISOString().slice(0, 10)

/** The three kinds of calls, each by eight callers. A receptionist books, because hours bind only pet owners. */
const calls = {
  booking: async ({ booker, clinic, receptionist }: Grown, milliseconds: number, round: number) => {
    const later = (40 + round * 40) * 86_400_000
    const next = requests(clinic)
    const request = () => {
      const base = next()
      const client = { ...base.client, userId: receptionist }
      return { ...base, client, start: new Date(base.start.getTime() + later) }
    }
    const driven = await drive(booker, request, 8, milliseconds)
    if (driven.errors > 0 || driven.booked === 0) throw new Error('A booking in the big clinic fails')
    return driven.perSecond
  },
  availability: ({ db, clinic }: Grown, milliseconds: number) => {
    const [vetId] = clinic.vets
    const search = { tenantId: clinic.tenant, serviceId: clinic.service, from: fullDay, to: fullDay, vetId }
    return perSecond(8, milliseconds, () => availableSlots(db, { ...search, timeZone: 'UTC' }))
  },
  'a day of the calendar': ({ db, clinic, receptionist }: Grown, milliseconds: number) =>
    perSecond(8, milliseconds, async () => {
      const actor = { userId: receptionist, tenantId: clinic.tenant, isStaff: true }
      if ((await clinicSchedule(db, actor, { unit: 'day', date: fullDay })) === null)
        throw new Error('The big clinic has no calendar')
    }),
}

/** Family 3: whether calls take as long after years as on the first day. */
export async function growth(stage: Stage, effort: Effort): Promise<Report> {
  const sizes = effort.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]
  const grown: Grown[] = []
  for (const rows of sizes) {
    effort.say(`  filling ${rows.toLocaleString('en')} appointments`)
    grown.push(await grow(stage, rows))
  }
  const found = new Map<string, number[]>()
  try {
    for (let round = -1; round < effort.rounds; round += 1)
      for (const [name, call] of Object.entries(calls))
        for (const at of grown.keys()) {
          const one = grown[(at + round + 1) % grown.length]
          if (one === undefined) continue
          const rate = await call(one, round < 0 ? 300 : 800, round + 1)
          // the first round is a warm-up
          if (round >= 0)
            found.set(`${name} ${one.rows}`, [...(found.get(`${name} ${one.rows}`) ?? []), rate])
        }
  } finally {
    for (const { booker, db, place } of grown) {
      await booker.close()
      await db.$disconnect()
      await place.admin.end()
      await place.scratch.drop()
    }
  }
  const rate = (name: string, rows: number): Figure => figure(found.get(`${name} ${rows}`) ?? [])
  const largest = sizes.at(-1) ?? 0
  const names = Object.keys(calls)
  return {
    title: 'Growth',
    about: `A hundred vets in ten clinics, each with an appointment every 45 minutes back into the past; the calls are all for one clinic. Availability is one vet's free starts on a full day, the calendar the same day of ten vets, both with the caller's rights, through packages/db; bookings through pg. Calls per second by eight callers.`,
    tables: [
      {
        caption: 'Calls per second by the number of appointments in the table',
        head: ['', ...sizes.map((rows) => rows.toLocaleString('en')), 'first relative to last'],
        rows: names.map((name) => [
          name,
          ...sizes.map((rows) => withSpread(rate(name, rows))),
          (rate(name, 10_000).median / rate(name, largest).median).toFixed(2),
        ]),
      },
    ],
    charts: [
      {
        file: 'growth.svg',
        title: 'Calls per second as the table grows',
        kind: 'line',
        x: sizes.map((rows) => rows.toLocaleString('en')),
        xName: 'appointments',
        yName: 'calls per second',
        series: names.map((name) => ({ name, values: sizes.map((rows) => rate(name, rows).median) })),
      },
    ],
    bars: names.map((name) =>
      atMost(
        `${name}: time at ${largest.toLocaleString('en')} appointments, relative to 10,000`,
        rate(name, 10_000).median / rate(name, largest).median,
        1.2,
      ),
    ),
  }
}
