import type { WeeklyHours } from '@vetcita/contracts'

/** A period of a day in the clinic's zone, `HH:MM`; it may end at `24:00`. */
export interface Span {
  opens: string
  closes: string
}

export interface OpeningDay {
  /** 1 (Monday) to 7. */
  weekday: number
  spans: readonly Span[]
}

/** Returns the clinic's opening hours, Monday first: it is open while any vet works. A day without spans is closed. */
export function openingWeek(hours: readonly WeeklyHours[]): readonly OpeningDay[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    spans: joined(hours.filter((one) => one.weekday === weekday)),
  }))
}

function joined(hours: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (const { opens, closes } of [...hours].sort((one, other) => one.opens.localeCompare(other.opens))) {
    const last = spans.at(-1)
    if (last === undefined || opens > last.closes) spans.push({ opens, closes })
    else if (closes > last.closes) last.closes = closes
  }
  return spans
}

/** Returns the days on which a vet works, in order, 1 (Monday) to 7. */
export function daysOf(vetId: string, hours: readonly WeeklyHours[]): readonly number[] {
  return [...new Set(hours.filter((one) => one.vetId === vetId).map(({ weekday }) => weekday))].sort()
}

/** Returns the day of the week of a date `YYYY-MM-DD`, 1 (Monday) to 7. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7
}
