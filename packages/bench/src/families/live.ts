import pg from 'pg'
import type { BenchDatabase } from '../bench-database.ts'
import type { Booker } from '../contender.ts'
import { functionThroughPg } from '../contenders/function.ts'
import { atLeast, figure, ratios, withSpread } from '../figures.ts'
import { fillHistory } from '../history.ts'
import type { Effort, Report } from '../report.ts'
import type { Stage } from '../stage.ts'
import { apiOf, measure } from './booking.ts'

/** A way to notify live calendars of bookings. */
export type Way = {
  name: string
  /** changes a migrated database */
  sql?: string
  /** Starts to listen, as one process of the API does; returns a function that stops. */
  listen?(place: BenchDatabase): Promise<() => Promise<void>>
}

const polling = 'polling every 300 ms'
const nothing = 'no live calendars'
const withoutIndex = 'drop index appointment_events_at_idx;'

/** None, the product's way, and the alternative that ADR 016 rejects. */
const ways: readonly Way[] = [
  { name: nothing, sql: withoutIndex },
  { name: polling, listen: poll },
  {
    name: 'NOTIFY in a trigger',
    sql: `${withoutIndex}
      create function notify_change() returns trigger language plpgsql security definer
      set search_path = public, pg_temp as $$
      begin
        perform pg_notify('appointment_changes', new.tenant_id || ' ' || new.appointment_id);
        return null;
      end
      $$;
      create trigger appointment_events_notify after insert on appointment_events
        for each row execute function notify_change();`,
    listen: async ({ apiUrl }) => {
      const client = new pg.Client({ connectionString: apiUrl })
      await client.connect()
      await client.query('listen appointment_changes')
      return () => client.end()
    },
  },
]

/** Polls with the query and the interval of the API's `ChangeFeed`. */
async function poll({ apiUrl }: BenchDatabase): Promise<() => Promise<void>> {
  const pool = new pg.Pool({ connectionString: apiUrl, max: 1 })
  let since: Date | null = null
  let polled: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    polled = polled.then(async () => {
      const { rows } = await pool.query<{ at: Date }>({
        name: 'changes',
        text: 'select * from login.appointment_changes($1, 5000)',
        values: [since],
      })
      since = rows.at(-1)?.at ?? since
    })
  }, 300)
  return async () => {
    clearInterval(timer)
    await polled
    await pool.end()
  }
}

type Opened = { way: Way; place: BenchDatabase; booker: Booker; perSecond: number[] }

async function open(stage: Stage, way: Way): Promise<Opened> {
  const place = await stage.openDatabase()
  await fillHistory(place, stage.accounts, 10_000)
  if (way.sql !== undefined) await place.admin.query(way.sql)
  return { way, place, booker: await functionThroughPg.open(place, apiOf(stage)), perSecond: [] }
}

/** Measures bookings per second by eight callers, each way once per round, each round beginning with another one. */
async function compare(stage: Stage, effort: Effort, each: readonly Way[]): Promise<Opened[]> {
  const opened: Opened[] = []
  try {
    for (const way of each) opened.push(await open(stage, way))
    const rounds = effort.rounds * 2
    for (let round = -1; round < rounds; round += 1) {
      for (const at of opened.keys()) {
        const one = opened[(at + round + 1) % opened.length]
        if (one === undefined) continue
        const stop = await one.way.listen?.(one.place)
        const options = { callers: 8, vets: 20 }
        await measure(one.place, stage.accounts, one.booker, { ...options, milliseconds: 300 })
        const run = await measure(one.place, stage.accounts, one.booker, { ...options, milliseconds: 1_000 })
        await stop?.()
        if (run.errors > 0) throw new Error(`${one.way.name}: ${run.errors} bookings failed`)
        // the first round is a warm-up
        if (round >= 0) one.perSecond.push(run.perSecond)
      }
      if (round >= 0) effort.say(`  round ${round + 1} of ${rounds}`)
    }
  } finally {
    for (const { booker, place } of opened) {
      await booker.close()
      await place.admin.end()
      await place.scratch.drop()
    }
  }
  return opened
}

/** Family 6: the cost of live calendars for bookings. */
export async function live(stage: Stage, effort: Effort): Promise<Report> {
  const opened = await compare(stage, effort, ways)
  const base = opened.find(({ way }) => way.name === nothing)
  const rows = opened.map((one) => ({
    name: one.way.name,
    ...one,
    ratio: figure(ratios(one.perSecond, base?.perSecond ?? [])),
  }))
  return {
    title: 'Live calendars',
    about:
      'Bookings per second by eight callers through the function, over pg, each variant in its own database on one server, with one listening process. Polling reads an index on the time of events, which each booking maintains; NOTIFY is sent by a trigger on the events.',
    tables: [
      {
        caption: `Median of ${effort.rounds * 2} rounds (lowest–highest)`,
        head: ['', 'bookings per second', 'relative to none, per round'],
        rows: rows.map(({ name, perSecond, ratio }) => [
          name,
          withSpread(figure(perSecond)),
          withSpread(ratio),
        ]),
      },
    ],
    charts: [
      {
        file: 'live.svg',
        title: 'Bookings per second',
        kind: 'bar',
        x: rows.map(({ name }) => name),
        xName: '',
        yName: 'bookings per second',
        series: [{ name: 'function, pg', values: rows.map(({ perSecond }) => figure(perSecond).median) }],
      },
    ],
    bars: [
      atLeast(
        'bookings with live calendars, relative to those without',
        rows.find(({ name }) => name === polling)?.ratio.median ?? Number.NaN,
        0.95,
      ),
    ],
  }
}
