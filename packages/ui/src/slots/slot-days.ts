import type { Slot } from '@vetcita/contracts'
import { addDays } from '../format.ts'

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
  /** For a move: where the appointment stands now. It is shown, and is no choice. */
  isCurrent: boolean
}

/**
 * Seven days of free times for a picker, one choice per start: where several vets are free at once the first stands
 * for them, which is how "any vet" becomes a certain one when the time is tapped.
 * @param firstDay the clinic's date at which the strip begins
 * @param current for a move, the present start with the clinic's offset; it stands among the times, free or not
 */
export function slotDays(firstDay: string, slots: readonly Slot[], current?: string): readonly SlotDay[] {
  return Array.from({ length: 7 }, (_, offset) => slotDay(addDays(firstDay, offset), slots, current))
}

function slotDay(date: string, slots: readonly Slot[], current: string | undefined): SlotDay {
  const byStart = new Map<number, Slot>()
  for (const slot of slots) {
    const start = Date.parse(slot.startTime)
    if (slot.localDate === date && !byStart.has(start)) byStart.set(start, slot)
  }
  const present = current === undefined ? Number.NaN : Date.parse(current)
  if (current?.startsWith(date) && !byStart.has(present)) byStart.set(present, standing(current))
  const inOrder = [...byStart].sort(([a], [b]) => a - b)
  const starts = inOrder.map(([, slot]) => slot)
  const choices = inOrder.map(([start, slot]) => ({
    slot,
    label: slotLabel(slot, starts),
    isCurrent: start === present,
  }))
  return {
    date,
    morning: choices.filter(({ slot }) => slot.localTime < '12:00'),
    afternoon: choices.filter(({ slot }) => slot.localTime >= '12:00'),
  }
}

/** A start that is no offer: off the grid, or now outside of what is free. */
function standing(startTime: string): Slot {
  const [localDate, localTime] = [startTime.slice(0, 10), startTime.slice(11, 16)]
  return { vetId: '', startTime, endTime: startTime, localDate, localTime }
}

/** A free start's wall time; with its offset where the clock shows the same time twice that day. */
export function slotLabel(slot: Slot, day: readonly Slot[]): string {
  const shownTwice = day.filter((other) => other.localTime === slot.localTime).length > 1
  return shownTwice ? `${slot.localTime} (${slot.startTime.slice(19).replace(/^\.\d+/, '')})` : slot.localTime
}

/** The day to open first: the first one with room, else the first. */
export function firstDayWithRoom(days: readonly SlotDay[]): string | undefined {
  return (days.find((day) => roomOn(day) > 0) ?? days[0])?.date
}

/** How many starts are free on a day. */
export function roomOn(day: SlotDay): number {
  return [...day.morning, ...day.afternoon].filter(({ isCurrent }) => !isCurrent).length
}
