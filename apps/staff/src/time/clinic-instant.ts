import { dateOf } from '@vetcita/contracts/moment'

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
 * if the clock repeats it. A device's zone data may be old (Paraguay left DST in 2024), so a moment from the server on
 * that day, if any, corrects it.
 * @param date the clinic's date, `YYYY-MM-DD`
 * @param time the clinic's clock, `HH:MM`
 * @param known moments from the server
 * @returns ISO 8601 with the clinic's offset, the earlier first
 */
export function clinicInstants(
  date: string,
  time: string,
  timeZone: string,
  known: readonly string[],
): readonly string[] {
  const wall = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(wall)) return []
  const given = known.find((moment) => dateOf(moment) === date)
  const drift = given === undefined ? 0 : offsetMinutes(given) - zoneOffset(timeZone, Date.parse(given))
  const offsets = new Set([wall - DAY, wall + DAY].map((at) => zoneOffset(timeZone, at) + drift))
  return [...offsets]
    .filter((offset) => zoneOffset(timeZone, wall - offset * MINUTE) + drift === offset)
    .sort((one, other) => other - one)
    .map((offset) => `${date}T${time}:00${offsetText(offset)}`)
}

function offsetText(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}
