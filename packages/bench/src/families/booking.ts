import type { Account, BenchDatabase } from '../bench-database.ts'
import { freshClinic } from '../clinic.ts'
import type { Api, Booker, Contender } from '../contender.ts'
import { bareInsert } from '../contenders/bare-insert.ts'
import { functionAsPsql, functionThroughPg } from '../contenders/function.ts'
import { overHttp } from '../contenders/http.ts'
import {
  constraintAlone,
  forUpdate,
  forUpdateShortest,
  serializable,
  unsafe,
  unsafeShortest,
} from '../contenders/in-typescript.ts'
import { packagesDb } from '../contenders/packages-db.ts'
import { type Driven, drive, requests } from '../drive.ts'
import { atLeast, type Figure, figure, ratios, withSpread } from '../figures.ts'
import { doubleBookings } from '../overlap.ts'
import type { Effort, Report } from '../report.ts'
import type { Stage } from '../stage.ts'

export const contenders: readonly Contender[] = [
  bareInsert,
  functionAsPsql,
  functionThroughPg,
  packagesDb,
  overHttp,
  constraintAlone,
  unsafe,
  forUpdate,
  serializable,
]

const functionShare =
  'Besides the insert with its constraints and triggers, the function identifies the caller, reads the pet and the service, locks the vet, reads again if anything was committed since, checks hours and time off, and looks for a conflict before the constraint does.'

const httpShare =
  'A call through the API is one statement too, which identifies the session before it books; in addition, the API, its caller and the server share the cores here.'

/** Only in the first family: the cost of such code if it only checks whether the slot is free. */
const shortest: readonly Contender[] = [unsafeShortest, forUpdateShortest]

type Run = Driven & { double: number }

/** Measures one contender in its own clinic; the fewer `vets`, the more callers compete. */
export async function measure(
  place: BenchDatabase,
  accounts: readonly Account[],
  booker: Booker,
  { callers, milliseconds, vets }: { callers: number; milliseconds: number; vets: number },
): Promise<Run> {
  const clinic = await freshClinic(place, accounts, { vets })
  const driven = await drive(booker, requests(clinic), callers, milliseconds)
  return { ...driven, double: await doubleBookings(place.admin, clinic.tenant) }
}

export function apiOf({ api, accounts }: Stage): Api {
  return { url: api.url, accounts }
}

/** Measures in interleaved rounds: every contender once per round, each round beginning with another one. */
export async function interleaved(
  stage: Stage,
  { rounds, say }: Effort,
  who: readonly Contender[],
  levels: readonly number[],
  options: { milliseconds: number; vets: number },
): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>()
  const bookers = new Map<Contender, Booker>()
  try {
    for (const contender of who) {
      const place = stage[contender.place]
      const booker = await contender.open(place, apiOf(stage))
      bookers.set(contender, booker)
      await measure(place, stage.accounts, booker, { ...options, callers: 8, milliseconds: 500 })
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const callers of levels)
        for (const at of who.keys()) {
          const contender = who[(at + round) % who.length]
          const booker = contender && bookers.get(contender)
          if (contender === undefined || booker === undefined) continue
          const key = `${contender.name} ${callers}`
          // warm up: a pool closes connections after ten idle seconds, and a new one has no cached plans
          await measure(stage[contender.place], stage.accounts, booker, {
            ...options,
            callers: 16,
            milliseconds: 300,
          })
          const run = await measure(stage[contender.place], stage.accounts, booker, { ...options, callers })
          runs.set(key, [...(runs.get(key) ?? []), run])
        }
      say(`  round ${round + 1} of ${rounds}`)
    }
  } finally {
    for (const booker of bookers.values()) await booker.close()
  }
  return runs
}

export function rates(runs: ReadonlyMap<string, Run[]>, name: string, callers: number): Figure {
  return figure(perSecond(runs, name, callers))
}

function perSecond(runs: ReadonlyMap<string, Run[]>, name: string, callers: number): number[] {
  return (runs.get(`${name} ${callers}`) ?? []).map((run) => run.perSecond)
}

export function sumOf(runs: ReadonlyMap<string, Run[]>, name: string, key: 'errors' | 'double'): number {
  return [...runs]
    .flatMap(([run, list]) => (run.replace(/ \d+$/, '') === name ? list : []))
    .reduce((sum, run) => sum + run[key], 0)
}

/** Family 1: bookings by one caller and by many at once. */
export async function booking(stage: Stage, effort: Effort): Promise<Report> {
  const levels = effort.quick ? [1, 8, 64] : [1, 8, 16, 64]
  const milliseconds = effort.quick ? 500 : 1_000
  const all = [...contenders, ...shortest]
  // eight callers, which the bars are about, three times a round
  const runs = await interleaved(stage, effort, all, [...levels, 8, 8], { milliseconds, vets: 20 })
  const share = (name: string, other: string) =>
    figure(ratios(perSecond(runs, name, 8), perSecond(runs, other, 8)))
  return {
    title: 'Booking',
    about:
      'Bookings per second, in a database with 10,000 appointments of other clinics. Twenty vets; every tenth request is for the slot of the one before it, by another client. All contenders have ten connections. Those that check in TypeScript before they write use a table without the overlap constraint, so that the double bookings that they allow are visible; that also spares them its cost. They check what the function checks; the shortest check only whether the slot is free.',
    tables: [
      {
        caption: `Bookings per second by callers: median of ${effort.rounds} rounds, with 8 callers of ${effort.rounds * 3} (lowest–highest)`,
        head: [
          '',
          ...levels.map(String),
          'relative to bare inserts at 8, per round',
          'double bookings',
          'errors',
        ],
        rows: all.map(({ name }) => [
          name,
          ...levels.map((callers) => withSpread(rates(runs, name, callers))),
          withSpread(share(name, 'bare insert')),
          String(sumOf(runs, name, 'double')),
          String(sumOf(runs, name, 'errors')),
        ]),
      },
    ],
    charts: [
      {
        file: 'booking.svg',
        title: 'Bookings per second',
        kind: 'line',
        x: levels.map(String),
        xName: 'callers',
        yName: 'bookings per second',
        series: all.map(({ name }) => ({
          name,
          values: levels.map((callers) => rates(runs, name, callers).median),
        })),
      },
    ],
    bars: [
      atLeast(
        'the function, relative to bare inserts (8 callers)',
        share('function, pg', 'bare insert').median,
        0.65,
        functionShare,
      ),
      atLeast(
        'packages/db, relative to the same call through pg',
        share('packages/db', 'function, pg').median,
        0.65,
      ),
      atLeast('HTTP, relative to packages/db', share('API over HTTP', 'packages/db').median, 0.4, httpShare),
      atLeast(
        'the atomic booking, relative to the interactive transaction',
        share('packages/db', 'transaction, FOR UPDATE').median,
        2.5,
      ),
      atLeast(
        'the atomic booking, relative to the unsafe "before"',
        share('packages/db', 'check, then insert').median,
        1,
      ),
    ],
  }
}
