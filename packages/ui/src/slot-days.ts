import type { Slot } from '@vetcita/contracts'
import { addDays } from './format.ts'

export interface SlotDay {
  /** The clinic's date. */
  date: string
  morning: readonly SlotChoice[]
  afternoon: readonly SlotChoice[]
}

export interface SlotChoice {
  slot: Slot
  /** The clinic's wall time; with its offset where the clock shows the same time twice that day. */
  label: string
}

/**
 * Seven days of free times for a picker, one choice per start: where several vets are free at once the first stands
 * for them, which is how "any vet" becomes a certain one when the time is tapped.
 * @param firstDay the clinic's date at which the strip begins
 */
export function slotDays(firstDay: string, slots: readonly Slot[]): readonly SlotDay[] {
  return Array.from({ length: 7 }, (_, offset) => slotDay(addDays(firstDay, offset), slots))
}

function slotDay(date: string, slots: readonly Slot[]): SlotDay {
  const byStart = new Map<number, Slot>()
  for (const slot of slots) {
    const start = Date.parse(slot.startTime)
    if (slot.localDate === date && !byStart.has(start)) byStart.set(start, slot)
  }
  const inOrder = [...byStart].sort(([a], [b]) => a - b).map(([, slot]) => slot)
  const choices = inOrder.map((slot) => ({ slot, label: labelOf(slot, inOrder) }))
  return {
    date,
    morning: choices.filter(({ slot }) => slot.localTime < '12:00'),
    afternoon: choices.filter(({ slot }) => slot.localTime >= '12:00'),
  }
}

function labelOf(slot: Slot, day: readonly Slot[]): string {
  const shownTwice = day.filter((other) => other.localTime === slot.localTime).length > 1
  return shownTwice ? `${slot.localTime} (${slot.startTime.slice(19).replace(/^\.\d+/, '')})` : slot.localTime
}

/** The day to open first: the first one with room, else the first. */
export function firstDayWithRoom(days: readonly SlotDay[]): string | undefined {
  return (days.find((day) => roomOn(day) > 0) ?? days[0])?.date
}

/** How many starts are free on a day. */
export function roomOn(day: SlotDay): number {
  return day.morning.length + day.afternoon.length
}
