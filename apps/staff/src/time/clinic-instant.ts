const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Returns how many minutes a zone is ahead of UTC at an instant, by this device's zone data. */
function zoneOffset(timeZone: string, at: number): number {
  const name = zoneName(timeZone)
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  return offsetMinutes(name?.slice('GMT'.length) ?? '')
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Caches formats, because creating one takes far longer than using it. */
function zoneName(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, made)
  return made
}

/** Returns the minutes ahead of UTC of an offset such as `-03:00` at the end of a text; 0 without one. */
export function offsetMinutes(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * Returns every instant at which the clinic's clock shows a date and time: usually one, none if the clock skips it, two
 * if the clock repeats it. A device's zone data may be old (Paraguay left DST in 2024), so an instant from the server
 * on that day, if any, corrects it.
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
  const given = known.find((instant) => instant.startsWith(date))
  const drift = given === undefined ? 0 : offsetMinutes(given) - zoneOffset(timeZone, Date.parse(given))
  const offsets = new Set([wall - DAY, wall + DAY].map((at) => zoneOffset(timeZone, at) + drift))
  return [...offsets]
    .map((offset) => ({ offset, at: wall - offset * MINUTE }))
    .filter(({ offset, at }) => zoneOffset(timeZone, at) + drift === offset)
    .map(({ at }) => at)
    .sort((one, other) => one - other)
}

/** Returns the first of these instants as ISO 8601 in UTC, or null if there is none. */
export function clinicInstant(
  date: string,
  time: string,
  timeZone: string,
  known: readonly string[],
): string | null {
  const [first] = clinicInstants(date, time, timeZone, known)
  return first === undefined ? null : new Date(first).toISOString()
}
