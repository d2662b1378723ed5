import { z } from 'zod'
import { Prisma } from '../generated/client.ts'

/**
 * The clinic's wall time is PostgreSQL's to compute: its zone data also decides opening hours, and a second copy of
 * the zone rules (a browser's, this process's) could disagree with it.
 *
 * Select `${wallTime(column, zone)} as x` and parse `x` with `momentColumn`.
 *
 * @param instant an SQL expression of type timestamptz
 * @param timeZone an SQL expression of type text, an IANA name
 */
export function wallTime(instant: Prisma.Sql, timeZone: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(
    to_char(${instant} at time zone ${timeZone}, 'YYYY-MM-DD"T"HH24:MI:SS.US') || ' ' ||
    (extract(epoch from (${instant} at time zone ${timeZone}) - (${instant} at time zone 'UTC')) / 60)::integer
  )`
}

/** An instant that carries the clinic's offset of that moment, and the clinic's wall clock read from it. */
export type Moment = { instant: string; localDate: string; localTime: string }

export const momentColumn = z.string().transform((value): Moment => {
  const [local = '', minutes = '0'] = value.split(' ')
  return {
    instant: local.replace(/\.?0{6}$/, '') + isoOffset(Number(minutes)),
    localDate: local.slice(0, 10),
    localTime: local.slice(11, 16),
  }
})

function isoOffset(minutes: number): string {
  const absolute = Math.abs(minutes)
  const hours = String(Math.trunc(absolute / 60)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(absolute % 60).padStart(2, '0')}`
}
