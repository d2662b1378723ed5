import type { Slot } from '@vetcita/contracts'
import { dateOf, offsetOf, timeOf } from '@vetcita/contracts/moment'
import { addDays } from '../format.ts'

export interface SlotDay {
  /** The clinic's date. */
  date: string
  morning: readonly SlotChoice[]
  afternoon: readonly SlotChoice[]
}

export interface SlotChoice {
  slot: Slot
  /** The clinic's wall time, with its offset if the clock shows that time twice that day. */
  label: string
  /** For a move: the appointment's present start. It is shown and cannot be chosen. */
  isCurrent: boolean
}

/**
 * Groups free times into seven days, one choice per start. Of several vets free at once it takes the first, which is how
 * "any vet" becomes a certain one when the time is tapped.
 * @param firstDay the clinic's date of the first day
 * @param current for a move, the present start with the clinic's offset; it is listed among the times, free or not
 */
export function slotDays(firstDay: string, slots: readonly Slot[], current?: string): readonly SlotDay[] {
  return Array.from({ length: 7 }, (_, offset) => slotDay(addDays(firstDay, offset), slots, current))
}

function slotDay(date: string, slots: readonly Slot[], current: string | undefined): SlotDay {
  const byStart = new Map<number, Slot>()
  for (const slot of slots) {
    const start = Date.parse(slot.startTime)
    if (dateOf(slot.startTime) === date && !byStart.has(start)) byStart.set(start, slot)
  }
  const present = current === undefined ? Number.NaN : Date.parse(current)
  // off the grid, or no longer among what is free
  if (current?.startsWith(date) && !byStart.has(present))
    byStart.set(present, { vetId: '', startTime: current })
  const inOrder = [...byStart].sort(([a], [b]) => a - b)
  const starts = inOrder.map(([, slot]) => slot)
  const choices = inOrder.map(([start, slot]) => ({
    slot,
    label: slotLabel(slot, starts),
    isCurrent: start === present,
  }))
  return {
    date,
    morning: choices.filter(({ slot }) => timeOf(slot.startTime) < '12:00'),
    afternoon: choices.filter(({ slot }) => timeOf(slot.startTime) >= '12:00'),
  }
}

/** Returns a start's wall time, with its offset if the clock shows that time twice that day. */
export function slotLabel(slot: Slot, day: readonly Slot[]): string {
  const shownTwice = day.filter((other) => timeOf(other.startTime) === timeOf(slot.startTime)).length > 1
  return shownTwice ? `${timeOf(slot.startTime)} (${offsetOf(slot.startTime)})` : timeOf(slot.startTime)
}

/** Returns the day to open first: the first one with a free time, else the first. */
export function firstDayWithRoom(days: readonly SlotDay[]): string | undefined {
  return (days.find((day) => roomOn(day) > 0) ?? days[0])?.date
}

/** Returns how many starts are free on a day. */
export function roomOn(day: SlotDay): number {
  return [...day.morning, ...day.afternoon].filter(({ isCurrent }) => !isCurrent).length
}
