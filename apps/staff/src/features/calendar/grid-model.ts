import type { AppointmentStatus, DayAppointment, ScheduleResult, VetSchedule } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { addDays } from '@vetcita/ui'
import { isWithinHours } from '../../time/opening.ts'
import {
  type ClockChange,
  clockChanges,
  instantsAt,
  shiftWall,
  type Wall,
  wallOf,
  wallSpan,
} from '../../time/wall-clock.ts'

/** The target of a dropped card whose move has not been answered yet. */
export interface PendingMove {
  vetId: string
  start: Wall
}

/** Where a block is drawn, in minutes of the clinic's clock below the first drawn hour. */
interface Span {
  top: number
  height: number
}

/** Where a card is that is in no time for owners. */
export type Stray = 'closed' | 'away' | 'outside'

/** An appointment's card. It reaches to the minute at which the vet is free again. */
export interface Card extends Span {
  appointment: DayAppointment
  /** The start as written on the card, `HH:MM`, with the offset if the clock shows it twice that day. */
  time: string
  isPending: boolean
  /** The visit's share of the height, in percent; the rest is the buffer. */
  visitShare: number
  /** Why the vet would not be there for an owner: the clinic is closed, time off, or no hours then. */
  stray: Stray | null
  /** Cards that overlap are drawn side by side: this one's lane, and how many lanes there are. */
  lane: number
  lanes: number
}

/** A shaded stretch: closed hours, closed days, time off, or an hour that the clock skips or repeats. */
export interface Shade extends Span {
  id: string
  kind: 'off' | 'away' | 'closed' | 'missing' | 'repeated'
  reason: string | null
}

/** A vet's day, or one day of a vet's week. */
export interface GridColumn {
  key: string
  date: string
  vetId: string
  vetName: string
  cards: readonly Card[]
  shades: readonly Shade[]
}

export interface GridModel {
  /** The drawn part of the clock, in minutes after midnight; whole hours. */
  from: number
  to: number
  columns: readonly GridColumn[]
}

/** The parts of a schedule that the grid draws. Its time of reading is left out, so that a refresh alone redraws nothing. */
export type Drawable = Pick<ScheduleResult, 'vets' | 'days' | 'timeZone' | 'closures'>

export interface GridOptions {
  view: 'day' | 'week'
  /** Include cancelled appointments and no-shows. */
  withFreed: boolean
  pending: ReadonlyMap<string, PendingMove>
}

/** The vet does not spend this time with the patient any more. */
export const FREES_THE_SLOT: readonly AppointmentStatus[] = ['cancelled', 'no_show']

const DAY = 1440

interface Block {
  vetId: string
  start: Wall
  end: Wall
}

interface CardBlock extends Block {
  content: Pick<Card, 'appointment' | 'time' | 'isPending' | 'visitShare' | 'stray'>
}

interface ShadeBlock extends Block {
  content: Pick<Shade, 'id' | 'kind' | 'reason'>
}

/** A schedule as the grid draws it: vets side by side in a day, dates in a week. All times are the clinic's clock. */
export function gridModel(schedule: Drawable, { view, withFreed, pending }: GridOptions): GridModel {
  const changes = clockChanges(schedule)
  // only on a day whose clock changes can a time come twice, and finding out is slow for hundreds of cards
  const isTwice = (wall: Wall) => changes.length > 0 && instantsAt(wall, schedule).length > 1
  const cards = schedule.vets.flatMap(({ appointments }) =>
    appointments
      .filter(({ status }) => withFreed || !FREES_THE_SLOT.includes(status))
      .map((appointment) => cardBlock(appointment, schedule, isTwice, pending.get(appointment.id))),
  )
  const shades = schedule.vets.flatMap((vet) => [
    ...closedHours(schedule, vet),
    ...timeOff(vet),
    ...closedDays(schedule, vet),
    ...clockShades(changes, vet),
  ])
  const columns = schedule.days.flatMap(({ date }) => schedule.vets.map((vet) => ({ date, vet })))
  const { from, to } = drawnMinutes(
    schedule,
    cards.flatMap((card) => schedule.days.map(({ date }) => spanOn(date, card))),
  )
  const within = (date: string, block: Block): Span | null => {
    const { start, end } = spanOn(date, block)
    const top = Math.max(from, start)
    return Math.min(to, end) > top ? { top: top - from, height: Math.min(to, end) - top } : null
  }
  return {
    from,
    to,
    columns: columns.map(({ date, vet }) => {
      const placed = <Content>(blocks: readonly (Block & { content: Content })[]) =>
        blocks.flatMap((block) => {
          const span = block.vetId === vet.id ? within(date, block) : null
          return span === null ? [] : [{ ...block.content, ...span }]
        })
      return {
        key: view === 'day' ? vet.id : date,
        date,
        vetId: vet.id,
        vetName: vet.fullName,
        cards: sideBySide(placed(cards)),
        shades: placed(shades),
      }
    }),
  }
}

/**
 * Where a dragged card would be dropped.
 * @param minutes how far down the clock it was dragged
 * @param days how many days to the right, in a week
 */
export function draggedStart(appointment: DayAppointment, minutes: number, days: number): Wall {
  return shiftWall(wallOf(appointment.startTime), (days * DAY + minutes) * 60)
}

function cardBlock(
  appointment: DayAppointment,
  schedule: Drawable,
  isTwice: (wall: Wall) => boolean,
  pending: PendingMove | undefined,
): CardBlock {
  const { status, startTime, endTime, busyUntil, vet } = appointment
  const span = wallSpan(startTime, endTime)
  const start = pending?.start ?? span.start
  const visit = (Date.parse(`${span.end}:00Z`) - Date.parse(`${span.start}:00Z`)) / 1000
  const buffer = FREES_THE_SLOT.includes(status) ? 0 : (Date.parse(busyUntil) - Date.parse(endTime)) / 1000
  return {
    vetId: pending?.vetId ?? vet.id,
    start,
    end: shiftWall(start, visit + buffer),
    content: {
      appointment,
      time: `${start.slice(11)}${isTwice(span.start) ? ` (${startTime.slice(-6)})` : ''}`,
      isPending: pending !== undefined,
      stray: pending === undefined ? strayOf(appointment, schedule) : null,
      visitShare: (100 * visit) / (visit + buffer),
    },
  }
}

/** Says whether the clinic is closed, the vet away or without hours then; the most certain of them first. */
function strayOf({ startTime, endTime, vet: { id } }: DayAppointment, schedule: Drawable): Stray | null {
  const vet = schedule.vets.find((one) => one.id === id)
  const overlaps = (other: { startTime: string; endTime: string }) =>
    Date.parse(other.startTime) < Date.parse(endTime) && Date.parse(other.endTime) > Date.parse(startTime)
  if (schedule.closures.some(overlaps)) return 'closed'
  if (vet?.timeOff.some(overlaps)) return 'away'
  const minutes = (Date.parse(endTime) - Date.parse(startTime)) / 60_000
  const visit = { vetId: id, date: dateOf(startTime), time: timeOf(startTime), minutes }
  return isWithinHours(schedule, visit) === false ? 'outside' : null
}

function closedDays({ closures }: Drawable, { id: vetId }: VetSchedule): ShadeBlock[] {
  return closures.map(({ id, name, startTime, endTime }) => ({
    vetId,
    start: wallOf(startTime),
    end: wallOf(endTime),
    content: { id: `closed ${id}`, kind: 'closed', reason: name },
  }))
}

function closedHours({ days }: Drawable, { id: vetId, hours }: VetSchedule): ShadeBlock[] {
  if (hours === null) return []
  return days.flatMap(({ date }) => {
    const midnight = `${addDays(date, 1)}T00:00`
    const open = hours.filter((one) => one.date === date)
    const edges = [
      `${date}T00:00`,
      ...open.flatMap(({ opens, closes }) => [
        `${date}T${opens}`,
        closes === '24:00' ? midnight : `${date}T${closes}`,
      ]),
      midnight,
    ]
    return edges.flatMap((start, index) => {
      const end = edges[index + 1]
      if (index % 2 === 1 || end === undefined || end <= start) return []
      return [{ vetId, start, end, content: { id: `off ${start}`, kind: 'off' as const, reason: null } }]
    })
  })
}

function timeOff({ id: vetId, timeOff: stretches }: VetSchedule): ShadeBlock[] {
  return stretches.map(({ startTime, endTime, reason }) => ({
    vetId,
    start: wallOf(startTime),
    end: wallOf(endTime),
    content: { id: `away ${startTime}`, kind: 'away', reason },
  }))
}

function clockShades(changes: readonly ClockChange[], { id: vetId }: VetSchedule): ShadeBlock[] {
  return changes.map(({ kind, start, end }) => ({
    vetId,
    start,
    end,
    content: { id: `clock ${start}`, kind, reason: null },
  }))
}

/** The whole hours to draw: one around everyone's hours, the working day if no one keeps any, and every card. */
function drawnMinutes(
  { vets }: Drawable,
  cards: readonly { start: number; end: number }[],
): { from: number; to: number } {
  const hours = vets.flatMap((vet) => vet.hours ?? [])
  const limits =
    hours.length === 0
      ? [7 * 60, 20 * 60]
      : [
          Math.min(...hours.map(({ opens }) => Math.floor(minuteOf(opens) / 60) * 60)) - 60,
          Math.max(...hours.map(({ closes }) => Math.ceil(minuteOf(closes) / 60) * 60)) + 60,
        ]
  const shown = cards.filter(({ start, end }) => start < DAY && end > 0)
  const first = Math.min(...limits, ...shown.map(({ start }) => start))
  const last = Math.max(...limits, ...shown.map(({ end }) => end))
  return {
    from: Math.max(0, Math.floor(first / 60) * 60),
    to: Math.min(DAY, Math.ceil(last / 60) * 60),
  }
}

/** Gives each card the first lane that is free at its start. */
function sideBySide(cards: readonly Omit<Card, 'lane' | 'lanes'>[]): readonly Card[] {
  const placed = cards
    .map((card) => ({ ...card, lane: 0, lanes: 1 }))
    .sort((one, other) => one.top - other.top)
  let group: Card[] = []
  let ends: number[] = []
  const close = () => {
    for (const card of group) card.lanes = ends.length
    group = []
    ends = []
  }
  for (const card of placed) {
    if (ends.every((end) => end <= card.top)) close()
    const free = ends.findIndex((end) => end <= card.top)
    card.lane = free === -1 ? ends.length : free
    ends[card.lane] = card.top + card.height
    group.push(card)
  }
  close()
  return placed
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** A block's start and end in minutes after a date's midnight; negative on the day before. */
function spanOn(date: string, { start, end }: Pick<Block, 'start' | 'end'>): { start: number; end: number } {
  const minutes = (wall: Wall) =>
    Math.round((Date.parse(wall.slice(0, 10)) - Date.parse(date)) / 60_000) + minuteOf(wall.slice(11))
  return { start: minutes(start), end: minutes(end) }
}

/** How many lines of text fit: one in a quarter of an hour, two in half an hour, more in anything longer. */
export type Room = 'short' | 'long' | 'tall'

export function roomOf({ startTime, endTime }: Pick<DayAppointment, 'startTime' | 'endTime'>): Room {
  const minutes = (Date.parse(endTime) - Date.parse(startTime)) / 60_000
  return minutes < 25 ? 'short' : minutes < 40 ? 'long' : 'tall'
}
