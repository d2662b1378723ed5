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
  const local = Prisma.sql`(${instant} at time zone ${timeZone})`
  const utc = Prisma.sql`(${instant} at time zone 'UTC')`
  return Prisma.sql`(
    replace(to_char(${local}, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
    || case when ${local} < ${utc} then '-' else '+' end
    || to_char(greatest(${local}, ${utc}) - least(${local}, ${utc}), 'HH24:MI')
  )`
}
