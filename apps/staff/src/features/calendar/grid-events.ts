import type { Calendar } from '@event-calendar/core'
import type { EventInput } from './calendar-events.ts'

/**
 * Brings the grid from the events that it has to those that it is to have. A refresh or a colleague's move changes a
 * card or two of hundreds: only those are drawn anew.
 */
export function applyEvents(
  calendar: Calendar,
  before: readonly EventInput[],
  next: readonly EventInput[],
): void {
  const had = new Map(before.map((event) => [event.id, event]))
  const kept = new Set(next.map(({ id }) => id))
  for (const { id } of before) if (id !== undefined && !kept.has(id)) calendar.removeEventById(id)
  for (const event of next) {
    const old = had.get(event.id)
    if (old === undefined) calendar.addEvent(event)
    else if (!isSame(old, event)) calendar.updateEvent(event)
  }
}

/** What a reading did not change is the same object after it, so comparing stays cheap. */
export function isSame(one: EventInput, other: EventInput): boolean {
  const [a, b] = [one.extendedProps.drawn, other.extendedProps.drawn]
  if (
    one.start !== other.start ||
    one.end !== other.end ||
    String(one.resourceIds) !== String(other.resourceIds)
  ) {
    return false
  }
  if (a.kind === 'appointment') {
    return b.kind === 'appointment' && a.appointment === b.appointment && a.isPending === b.isPending
  }
  return JSON.stringify(a) === JSON.stringify(b)
}
