import type pg from 'pg'

/** When clocks change: the first instant of the new offset, and the local date on which it falls. */
export type ClockChange = { instant: string; date: string }

/** The next change of a zone's clocks, by the server's own zone data, at least two days from now. */
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

/** The weekday of a date (the first ten characters count): Monday is 1. */
export function weekdayOf(date: string): number {
  return new Date(`${date.slice(0, 10)}T00:00:00Z`).getUTCDay() || 7
}
