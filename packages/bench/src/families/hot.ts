import { freshClinic } from '../clinic.ts'
import type { Booker, BookingRequest, Contender } from '../contender.ts'
import { firstDay } from '../drive.ts'
import { atMost, type Bar, type Figure, figure, withSpread } from '../figures.ts'
import { doubleBookings } from '../overlap.ts'
import type { Effort, Report } from '../report.ts'
import type { Stage } from '../stage.ts'
import { apiOf, contenders, interleaved, rates, sumOf } from './booking.ts'

type Rush = { ms: number; booked: number; refused: number; errors: number; double: number }

/** Lets all callers request one slot at the same time, and measures until the last is answered. */
async function rush(stage: Stage, contender: Contender, booker: Booker, callers: number): Promise<Rush> {
  const place = stage[contender.place]
  const clinic = await freshClinic(place, stage.accounts, { vets: 1 })
  const [vet = ''] = clinic.vets
  const counts = { booked: 0, refused: 0, errors: 0 }
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async (_, at) => {
      const client = clinic.clients[at % clinic.clients.length]
      if (client === undefined) throw new Error('The clinic has no clients')
      const request: BookingRequest = { clinic, client, vet, start: firstDay }
      try {
        counts[await booker.book(request)] += 1
      } catch {
        counts.errors += 1
      }
    }),
  )
  const ms = performance.now() - begun
  return { ...counts, ms, double: await doubleBookings(place.admin, clinic.tenant) }
}

async function rushes(stage: Stage, effort: Effort, levels: readonly number[]): Promise<Map<string, Rush[]>> {
  const runs = new Map<string, Rush[]>()
  for (let round = 0; round < (effort.quick ? 1 : 3); round += 1)
    for (const at of contenders.keys()) {
      const contender = contenders[(at + round) % contenders.length]
      if (contender === undefined) continue
      const booker = await contender.open(stage[contender.place], apiOf(stage))
      try {
        await rush(stage, contender, booker, 10)
        for (const callers of levels) {
          const key = `${contender.name} ${callers}`
          runs.set(key, [...(runs.get(key) ?? []), await rush(stage, contender, booker, callers)])
        }
      } finally {
        await booker.close()
      }
    }
  return runs
}

/** Family 2: one hot slot, and one hot vet. */
export async function hot(stage: Stage, effort: Effort): Promise<Report> {
  const levels = effort.quick ? [10, 1_000] : [10, 100, 1_000]
  const slot = await rushes(stage, effort, levels)
  effort.say('  the hot vet')
  const vetEffort = { ...effort, rounds: effort.quick ? 1 : 3 }
  const vetLevels = [8, 64]
  const vet = await interleaved(stage, vetEffort, contenders, vetLevels, { milliseconds: 600, vets: 1 })
  const time = (name: string, callers: number): Figure =>
    figure((slot.get(`${name} ${callers}`) ?? []).map(({ ms }) => ms))
  const most = (name: string, key: 'booked' | 'errors' | 'double') =>
    Math.max(...(slot.get(`${name} 1000`) ?? []).map((run) => run[key]))
  const bars = ['function, pg', 'packages/db', 'API over HTTP'].flatMap((name): Bar[] => {
    const all = slot.get(`${name} 1000`) ?? []
    const clean = all.every(({ booked, errors }) => booked === 1 && errors === 0)
    const bar = atMost(
      `1,000 callers on one slot, ${name}: seconds until all are answered, one success, no error`,
      time(name, 1_000).median / 1000,
      3,
      name === 'API over HTTP'
        ? 'Through the API a refusal includes the three nearest free slots, callers beyond two hundred are rejected with a Retry-After of about a second, and all share its cores here.'
        : undefined,
    )
    return [{ ...bar, passed: bar.passed && clean }]
  })
  return {
    title: 'One hot slot, one hot vet',
    about:
      'All callers request the same half hour at the same time, over ten connections: the time until the last one is answered. Through the API a rejected caller (503, Retry-After) retries, and counts until served. Below it, all bookings are for one vet, each for another half hour except every tenth.',
    tables: [
      {
        caption:
          'One slot: milliseconds until all are answered, by callers; the other columns are for 1,000 callers',
        head: [
          '',
          ...levels.map((level) => level.toLocaleString('en')),
          'booked',
          'double bookings',
          'errors',
        ],
        rows: contenders.map(({ name }) => [
          name,
          ...levels.map((callers) => withSpread(time(name, callers))),
          String(most(name, 'booked')),
          String(most(name, 'double')),
          String(most(name, 'errors')),
        ]),
      },
      {
        caption: 'One vet: bookings per second, by callers',
        head: ['', ...vetLevels.map(String), 'double bookings', 'errors'],
        rows: contenders.map(({ name }) => [
          name,
          ...vetLevels.map((callers) => withSpread(rates(vet, name, callers))),
          String(sumOf(vet, name, 'double')),
          String(sumOf(vet, name, 'errors')),
        ]),
      },
    ],
    charts: [
      {
        file: 'hot-slot.svg',
        title: 'One slot: time until all are answered',
        kind: 'line',
        logarithmic: true,
        x: levels.map(String),
        xName: 'concurrent callers',
        yName: 'milliseconds',
        series: contenders.map(({ name }) => ({
          name,
          values: levels.map((callers) => time(name, callers).median),
        })),
      },
      {
        file: 'hot-vet.svg',
        title: 'One vet: bookings per second',
        kind: 'bar',
        x: vetLevels.map((callers) => `${callers} callers`),
        xName: '',
        yName: 'bookings per second',
        series: contenders.map(({ name }) => ({
          name,
          values: vetLevels.map((callers) => rates(vet, name, callers).median),
        })),
      },
    ],
    bars,
  }
}
