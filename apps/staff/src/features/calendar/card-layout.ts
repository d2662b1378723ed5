import type { ScheduleResult } from '@vetcita/contracts'
import { type EventInput, slotLimits } from './calendar-events.ts'

/** A column of the grid: a vet's day, or with no vet named a day of the week on screen. */
export interface Column {
  date: string
  vetId?: string
}

/** The part of the clock that is drawn, `HH:00` to `HH:00`; `24:00` is the midnight after. */
export interface DrawnHours {
  from: string
  to: string
}

/** A card's place; one that crosses midnight has a place in each of two columns. */
export interface Place {
  event: EventInput
  /** Minutes below the first drawn hour. */
  top: number
  /** In minutes. */
  height: number
  /** Cards at the same time stand side by side: in which lane of how many. */
  lane: number
  lanes: number
}

const DAY = 1440

/** Where the cards stand, column by column and in order of time. Shades have no place: the library draws them. */
export function placeCards(
  events: readonly EventInput[],
  columns: readonly Column[],
  hours: DrawnHours,
): readonly (readonly Place[])[] {
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)]
  const cards = events.filter(isCard)
  return columns.map(({ date, vetId }) => {
    const places: Place[] = []
    for (const event of cards) {
      if (vetId !== undefined && String(event.resourceIds) !== vetId) continue
      const top = Math.max(from, minutesInto(date, event.start))
      const end = Math.min(to, minutesInto(date, event.end))
      if (end > top) places.push({ event, top: top - from, height: end - top, lane: 0, lanes: 1 })
    }
    places.sort((one, other) => one.top - other.top)
    sideBySide(places)
    return places
  })
}

/** The schedule's hours, and more where an appointment lies outside. */
export function drawnHours(schedule: ScheduleResult, events: readonly EventInput[]): DrawnHours {
  const limits = slotLimits(schedule)
  let [from, to] = [minuteOf(limits.from), minuteOf(limits.to)]
  for (const event of events) {
    if (!isCard(event)) continue
    for (const { date } of schedule.days) {
      const [start, end] = [minutesInto(date, event.start), minutesInto(date, event.end)]
      if (start >= DAY || end <= 0) continue
      from = Math.min(from, Math.max(0, start))
      to = Math.max(to, Math.min(DAY, end))
    }
  }
  return { from: clock(Math.floor(from / 60)), to: clock(Math.ceil(to / 60)) }
}

/** Whether it is an appointment's card rather than a shaded stretch. */
export function isCard({ extendedProps }: EventInput): boolean {
  return extendedProps.drawn.kind === 'appointment'
}

/** Gives each card of a column the first lane that is free at its start. */
function sideBySide(places: readonly Place[]): void {
  let together: Place[] = []
  let lanes: number[] = []
  const close = () => {
    for (const place of together) place.lanes = lanes.length
    together = []
    lanes = []
  }
  for (const place of places) {
    if (lanes.every((end) => end <= place.top)) close()
    const free = lanes.findIndex((end) => end <= place.top)
    place.lane = free === -1 ? lanes.length : free
    lanes[place.lane] = place.top + place.height
    together.push(place)
  }
  close()
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** How many minutes after a day's midnight something is; negative on the day before. */
function minutesInto(date: string, wall: unknown): number {
  const text = String(wall)
  const day = text.slice(0, 10)
  const days = day === date ? 0 : (Date.parse(day) - Date.parse(date)) / 86_400_000
  return days * DAY + minuteOf(text.slice(11))
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
