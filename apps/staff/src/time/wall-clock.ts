import type { ScheduleResult } from '@vetcita/contracts'
import { clinicInstants } from './clinic-instant.ts'

/**
 * A time on the clinic's clock, `YYYY-MM-DDTHH:MM`. The calendar draws these and never the device's time. The server's
 * instants carry the clinic's offset, so they begin with the clinic's wall time.
 */
export type Wall = string

/** Returns the wall time of an instant from the server. */
export function wallOf(instant: string): Wall {
  return instant.slice(0, 16)
}

/** Adds seconds to a wall time without regard to zones and DST. */
export function shiftWall(wall: Wall, seconds: number): Wall {
  return new Date(Date.parse(`${wall}:00Z`) + seconds * 1000).toISOString().slice(0, 16)
}

/**
 * Returns the wall times of a start and an end. If the clock goes back in between, the end may read earlier than the
 * start; it is then placed by the true length.
 */
export function wallSpan(startTime: string, endTime: string): { start: Wall; end: Wall } {
  const start = wallOf(startTime)
  const end = wallOf(endTime)
  if (end > start) return { start, end }
  return { start, end: shiftWall(start, (Date.parse(endTime) - Date.parse(startTime)) / 1000) }
}

type Clock = Pick<ScheduleResult, 'timeZone' | 'days'>

/** Returns every moment at which the clinic's clock shows a wall time on one of the schedule's days. */
export function instantsAt(wall: Wall, { timeZone, days }: Clock): readonly string[] {
  const known = days.map(({ startTime }) => startTime)
  return clinicInstants(wall.slice(0, 10), wall.slice(11, 16), timeZone, known)
}

/** Returns the first of these moments, or null if the clock skips that time. */
export function instantAt(wall: Wall, clock: Clock): string | null {
  return instantsAt(wall, clock)[0] ?? null
}

export interface ClockChange {
  kind: 'missing' | 'repeated'
  start: Wall
  end: Wall
}

const QUARTER = 900

/** Returns what the clock skips or repeats on each day; nothing on all but two days of the year. */
export function clockChanges(clock: Clock): readonly ClockChange[] {
  return clock.days.flatMap((day) => {
    const length = Date.parse(day.endTime) - Date.parse(day.startTime)
    if (length === 86_400_000) return []
    const kind = length < 86_400_000 ? 'missing' : 'repeated'
    const wanted = kind === 'missing' ? 0 : 2
    const quarters = Array.from({ length: 96 }, (_, index) => shiftWall(`${day.date}T00:00`, index * QUARTER))
    const changed = quarters.filter((wall) => instantsAt(wall, clock).length === wanted)
    const [start] = changed
    const last = changed.at(-1)
    return start === undefined || last === undefined ? [] : [{ kind, start, end: shiftWall(last, QUARTER) }]
  })
}
