const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Minutes that a zone's clocks are ahead of UTC at an instant, by this device's zone data. */
function zoneOffset(timeZone: string, at: number): number {
  const name = zoneName(timeZone)
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  return offsetMinutes(name?.slice('GMT'.length) ?? '')
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one takes far longer than using it. */
function zoneName(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, made)
  return made
}

/** Minutes that an offset such as `-03:00`, at the end of a text, is ahead of UTC; 0 where there is none. */
export function offsetMinutes(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * Every instant at which the clinic's clock shows a date and time: one, none where it skips it, two where it shows it
 * twice. A device's zone data may be old (Paraguay left DST in 2024), so where the server has told us an instant of that
 * day, its offset corrects ours.
 * @param date the clinic's date, `YYYY-MM-DD`
 * @param time the clinic's clock, `HH:MM`
 * @param known instants from the server that carry the clinic's offset
 * @returns milliseconds since 1970, the earlier first
 */
export function clinicInstants(
  date: string,
  time: string,
  timeZone: string,
  known: readonly string[],
): readonly number[] {
  const wall = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(wall)) return []
  const told = known.find((instant) => instant.startsWith(date))
  const drift = told === undefined ? 0 : offsetMinutes(told) - zoneOffset(timeZone, Date.parse(told))
  const offsets = new Set([wall - DAY, wall + DAY].map((at) => zoneOffset(timeZone, at) + drift))
  return [...offsets]
    .map((offset) => ({ offset, at: wall - offset * MINUTE }))
    .filter(({ offset, at }) => zoneOffset(timeZone, at) + drift === offset)
    .map(({ at }) => at)
    .sort((one, other) => one - other)
}

/** The first of them, ISO 8601 in UTC; null where there is none. */
export function clinicInstant(
  date: string,
  time: string,
  timeZone: string,
  known: readonly string[],
): string | null {
  const [first] = clinicInstants(date, time, timeZone, known)
  return first === undefined ? null : new Date(first).toISOString()
}
