import { Prisma } from '../generated/client.ts'

/**
 * Returns an SQL expression for an instant as ISO 8601 text with the clinic's offset at that instant, so that the text
 * reads as the clinic's wall time. PostgreSQL computes it: its time zone data also decides opening hours, and a second copy
 * (a browser's, this process's) could disagree.
 *
 * @param instant an SQL expression of type timestamptz
 * @param timeZone an SQL expression of type text, an IANA name
 */
export function clinicMoment(instant: Prisma.Sql, timeZone: Prisma.Sql): Prisma.Sql {
  // "offset 0" keeps the two conversions from being copied into every place that uses them
  return Prisma.sql`(
    select replace(to_char(m.local, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
      || case when m.local < m.utc then '-' else '+' end
      || to_char(greatest(m.local, m.utc) - least(m.local, m.utc), 'HH24:MI')
    from (select ${instant} at time zone ${timeZone} as local, ${instant} at time zone 'UTC' as utc offset 0) m
  )`
}

/** Returns the date and time that the clinic's clock shows at such a moment. */
export function onClinicClock(moment: string): { localDate: string; localTime: string } {
  return { localDate: moment.slice(0, 10), localTime: moment.slice(11, 16) }
}
