import { z } from 'zod'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

/**
 * Asks the server which offset from UTC it gives each clinic's zone over the coming year, day by day. Who may see the
 * clinics may run it, on any client; {@link clockDifferences} reads its rows.
 */
export const serverClockQuery = `
  select z.zone, d.day, (extract(epoch from (d.day at time zone z.zone) - (d.day at time zone 'UTC')) / 60)::int as minutes
  from (select distinct timezone as zone from public.tenants) z
  cross join generate_series(date_trunc('day', now()), now() + interval '1 year', interval '1 day') d (day)
  order by z.zone, d.day`

const offset = z.object({ zone: z.string(), day: z.coerce.date(), minutes: z.number() })

/** A zone whose clocks the server and this program read differently, and the first day on which they do. */
export type ClockDifference = { zone: string; sentence: string }

/**
 * Compares the server's zone data with this program's. Both come with their own, and either may be older than a country's
 * last change of clocks; the server's decides what is open and what is shown.
 *
 * @param rows what {@link serverClockQuery} returned
 */
export function clockDifferences(rows: unknown): ClockDifference[] {
  const found = new Map<string, ClockDifference>()
  const clocks = new Map<string, Intl.DateTimeFormat | null>()
  for (const { zone, day, minutes } of z.array(offset).parse(rows)) {
    if (found.has(zone)) continue
    if (!clocks.has(zone)) clocks.set(zone, clockOf(zone))
    const clock = clocks.get(zone)
    const own = clock ? offsetAt(clock, day) : null
    if (own !== minutes)
      found.set(zone, {
        zone,
        sentence:
          own === null
            ? `Node.js ${process.version} does not know the zone ${zone}`
            : `on ${day.toISOString().slice(0, 10)} the clocks of ${zone} are at ${written(minutes)} by the server and at ${written(own)} by Node.js ${process.version}`,
      })
  }
  return [...found.values()]
}

/** Compares the clocks of all clinics as a visitor sees them. */
export async function readClockDifferences(db: Database): Promise<ClockDifference[]> {
  const rows = await asCaller(db, 'visitor', (tx) => tx.$queryRawUnsafe(serverClockQuery))
  return clockDifferences(rowsOf(offset, rows))
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}

/** Reads `GMT-03:00`, or `GMT` alone, as minutes. */
function offsetAt(clock: Intl.DateTimeFormat, moment: Date): number {
  const name = clock.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d+)(?::(\d+))?/.exec(name) ?? []
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}

function written(minutes: number): string {
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}
