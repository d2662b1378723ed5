import type pg from 'pg'

/** A clock change: the first instant with the new offset, and its local date. */
export type ClockChange = { instant: string; date: string }

/** Returns the next clock change of a zone, by the server's zone data, at least two days from now. */
export async function nextClockChange(
  client: pg.Client,
  zone: string,
  direction: 'forward' | 'back',
): Promise<ClockChange> {
  const result = await client.query<{ instant: Date; date: string }>(
    `with hours as (
       select at, (at at time zone $1) - (at at time zone 'UTC') as utc_offset
       from generate_series(
         date_trunc('hour', now()) + interval '2 days', date_trunc('hour', now()) + interval '400 days', '30 minutes'
       ) at
     ),
     changes as (select at, utc_offset, lag(utc_offset) over (order by at) as before from hours)
     select at as instant, to_char(at at time zone $1, 'YYYY-MM-DD') as date from changes
     where case $2 when 'forward' then utc_offset > before else utc_offset < before end
     order by at limit 1`,
    [zone, direction],
  )
  const change = result.rows[0]
  if (change === undefined) throw new Error(`the clocks of ${zone} do not go ${direction}`)
  return { instant: change.instant.toISOString(), date: change.date }
}

/** Returns the weekday of a date, of which only the first ten characters count; Monday is 1. */
export function weekdayOf(date: string): number {
  return new Date(`${date.slice(0, 10)}T00:00:00Z`).getUTCDay() || 7
}
