import type { WeekSpan } from '@vetcita/contracts'

/** A stretch of work while it is edited. Times are `HH:MM` or empty; closing at `00:00` means midnight. */
export interface Stretch {
  key: number
  opens: string
  closes: string
}

/** Monday to Sunday. */
export type Week = readonly (readonly Stretch[])[]

export type DayProblem = 'order' | 'overlap' | null

let keys = 0

/** Creates a stretch with a key of its own. */
export function stretch(opens: string, closes: string): Stretch {
  keys += 1
  return { key: keys, opens, closes }
}

/** Converts a vet's hours into days of stretches to edit. */
export function toWeek(hours: readonly WeekSpan[]): Week {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    hours
      .filter((span) => span.weekday === weekday)
      .map(({ opens, closes }) => stretch(opens, closes === '24:00' ? '00:00' : closes)),
  )
}

/** Converts an edited week back into hours to save. */
export function toHours(week: Week): WeekSpan[] {
  return week.flatMap((day, index) =>
    day.map(({ opens, closes }) => ({ weekday: index + 1, opens, closes: endOf(closes) })),
  )
}

/** Returns the first problem of a day, or null. */
export function problemOfDay(day: readonly Stretch[]): DayProblem {
  const spans = day
    .map(({ opens, closes }) => ({ opens, closes: endOf(closes) }))
    .sort((one, other) => one.opens.localeCompare(other.opens))
  if (spans.some(({ opens, closes }) => opens === '' || closes === '' || opens >= closes)) return 'order'
  const isOverlapping = spans.some((span, index) => {
    const next = spans[index + 1]
    return next !== undefined && next.opens < span.closes
  })
  return isOverlapping ? 'overlap' : null
}

/** Returns a stretch to add to a day: the morning if it has none, else one hour after the last; empty late at night. */
export function nextStretch(day: readonly Stretch[]): Stretch {
  const last = day
    .map(({ closes }) => endOf(closes))
    .sort()
    .at(-1)
  if (last === undefined) return stretch('08:00', '12:00')
  const hour = Number(last.slice(0, 2)) + 1
  if (hour >= 23) return stretch('', '')
  return stretch(`${pad(hour)}${last.slice(2)}`, `${pad(Math.min(hour + 4, 23))}${last.slice(2)}`)
}

/** Returns the start and length of a stretch as fractions of the day. */
export function shareOf({ opens, closes }: Stretch): { start: number; length: number } {
  const start = fraction(opens)
  return { start, length: Math.max(0, fraction(endOf(closes)) - start) }
}

function endOf(closes: string): string {
  return closes === '00:00' ? '24:00' : closes
}

function fraction(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) / 1440
}

function pad(hour: number): string {
  return String(hour).padStart(2, '0')
}
