const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Minutes that a zone's clocks are ahead of UTC at an instant, by this device's zone data. */
function zoneOffset(timeZone: string, at: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  return offsetMinutes(name?.slice('GMT'.length) ?? '')
}

function offsetMinutes(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * The instant at which the clinic's clock shows a date and time that somebody typed. A device's zone data may be old
 * (Paraguay left DST in 2024), so where the server has told us an instant of that day, its offset corrects ours.
 * @param date the clinic's date, `YYYY-MM-DD`
 * @param time the clinic's clock, `HH:MM`
 * @param known instants from the server that carry the clinic's offset
 * @returns ISO 8601 in UTC, the earlier one where the clock shows the time twice; null where it skips it
 */
export function clinicInstant(
  date: string,
  time: string,
  timeZone: string,
  known: readonly string[],
): string | null {
  const wall = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(wall)) return null
  const told = known.find((instant) => instant.startsWith(date))
  const drift = told === undefined ? 0 : offsetMinutes(told) - zoneOffset(timeZone, Date.parse(told))
  const candidates = [wall - DAY, wall + DAY].map((at) => zoneOffset(timeZone, at) + drift)
  const instants = candidates
    .map((offset) => ({ offset, at: wall - offset * MINUTE }))
    .filter(({ offset, at }) => zoneOffset(timeZone, at) + drift === offset)
    .map(({ at }) => at)
  return instants.length === 0 ? null : new Date(Math.min(...instants)).toISOString()
}
