import type { Calendar } from '@event-calendar/core'
import type { AppointmentStatus, DayAppointment, ScheduleResult, VetSchedule } from '@vetcita/contracts'
import { addDays } from '@vetcita/ui'
import {
  type ClockChange,
  clockChanges,
  instantsAt,
  shiftWall,
  type Wall,
  wallOf,
  wallSpan,
} from '../../lib/wall-clock.ts'

/** What an event of the grid stands for. */
export type Drawn =
  | { kind: 'appointment'; appointment: DayAppointment; time: string; isPending: boolean }
  | { kind: 'off' }
  | { kind: 'away'; reason: string | null }
  | { kind: 'clock'; change: ClockChange['kind'] }

/** Where a card stands that was dropped and whose move has no answer yet. */
export interface PendingMove {
  vetId: string
  start: Wall
}

export type EventInput = Calendar.EventInput & { extendedProps: { drawn: Drawn } }

/** What one of the grid's events stands for; undefined for its own (the place under the pointer). */
export function drawnOf({
  extendedProps,
}: Pick<Calendar.Event, 'extendedProps'> | EventInput): Drawn | undefined {
  return isDrawn(extendedProps.drawn) ? extendedProps.drawn : undefined
}

const isDrawn = (value: unknown): value is Drawn =>
  typeof value === 'object' && value !== null && 'kind' in value

/** Nobody is with the vet at that time any more. */
export const FREES_THE_SLOT: readonly AppointmentStatus[] = ['cancelled', 'no_show']

export interface EventOptions {
  /** Cancelled ones and no-shows too. */
  withFreed: boolean
  pending: ReadonlyMap<string, PendingMove>
}

/** The part of a schedule that can be seen: its time of reading cannot. */
export type Drawable = Pick<ScheduleResult, 'vets' | 'days' | 'timeZone'>

/**
 * A schedule as the grid draws it: cards down to the minute at which their vet is free again, the hours when nobody is
 * there, time off, and the hour at which the clocks change. All on the clinic's clock.
 */
export function calendarEvents(schedule: Drawable, options: EventOptions): readonly EventInput[] {
  const changes = clockChanges(schedule)
  return [
    ...schedule.vets.flatMap((vet) => [
      ...offHours(schedule, vet),
      ...timeOff(vet),
      ...vet.appointments
        .filter(({ status }) => options.withFreed || !FREES_THE_SLOT.includes(status))
        .map((one) => appointmentEvent(one, schedule, changes, options.pending.get(one.id))),
    ]),
    ...changes.map(({ kind, start, end }) =>
      shade(
        `clock ${start}`,
        schedule.vets.map(({ id }) => id),
        start,
        end,
        { kind: 'clock', change: kind },
      ),
    ),
  ]
}

function shade(id: string, resourceIds: string[], start: Wall, end: Wall, drawn: Drawn): EventInput {
  const className = drawn.kind === 'clock' ? `vs-shade-clock` : `vs-shade-${drawn.kind}`
  return { id, resourceIds, start, end, display: 'background', className, extendedProps: { drawn } }
}

function offHours({ days }: Drawable, vet: VetSchedule): readonly EventInput[] {
  const { hours } = vet
  if (hours === null) return []
  return days.flatMap(({ date }) => {
    const midnight = `${addDays(date, 1)}T00:00`
    const open = hours
      .filter((one) => one.date === date)
      .map(({ opens, closes }) => ({
        from: `${date}T${opens}`,
        to: closes === '24:00' ? midnight : `${date}T${closes}`,
      }))
    const edges = [`${date}T00:00`, ...open.flatMap(({ from, to }) => [from, to]), midnight]
    return edges.flatMap((start, index) => {
      const end = edges[index + 1]
      if (index % 2 === 1 || end === undefined || end <= start) return []
      return [shade(`off ${vet.id} ${start}`, [vet.id], start, end, { kind: 'off' })]
    })
  })
}

function timeOff(vet: VetSchedule): readonly EventInput[] {
  return vet.timeOff.map(({ startTime, endTime, reason }) =>
    shade(`away ${vet.id} ${startTime}`, [vet.id], wallOf(startTime), wallOf(endTime), {
      kind: 'away',
      reason,
    }),
  )
}

function appointmentEvent(
  appointment: DayAppointment,
  schedule: Drawable,
  changes: readonly ClockChange[],
  pending: PendingMove | undefined,
): EventInput {
  const { id, status, startTime, endTime, busyUntil } = appointment
  const span = wallSpan(startTime, endTime)
  const start = pending?.start ?? span.start
  const seconds = wallSeconds(span.start, span.end)
  const buffer = FREES_THE_SLOT.includes(status) ? 0 : (Date.parse(busyUntil) - Date.parse(endTime)) / 1000
  const resourceIds = [pending?.vetId ?? appointment.vet.id]
  const isTwice = changes.length > 0 && instantsAt(span.start, schedule).length > 1
  return {
    id,
    resourceIds,
    start,
    end: shiftWall(start, seconds + buffer),
    startEditable: appointment.canMove && pending === undefined,
    durationEditable: false,
    // the visit, above the minutes until the vet is free again
    style: `--vs-visit: ${(100 * seconds) / (seconds + buffer)}%`,
    extendedProps: {
      drawn: {
        kind: 'appointment',
        appointment,
        time: `${start.slice(11)}${isTwice ? ` (${startTime.slice(-6)})` : ''}`,
        isPending: pending !== undefined,
      },
    },
  }
}

/** Room for a line in a quarter of an hour, for two in half an hour, and for more in what is longer. */
export type Room = 'short' | 'long' | 'tall'

export function roomOf({ startTime, endTime }: Pick<DayAppointment, 'startTime' | 'endTime'>): Room {
  const minutes = (Date.parse(endTime) - Date.parse(startTime)) / 60_000
  return minutes < 25 ? 'short' : minutes < 40 ? 'long' : 'tall'
}

function wallSeconds(start: Wall, end: Wall): number {
  return (Date.parse(`${end}:00Z`) - Date.parse(`${start}:00Z`)) / 1000
}

/**
 * The part of the clock to draw: an hour around everybody's hours, the working day where nobody keeps any. An
 * appointment outside widens it: see `drawnHours`.
 */
export function slotLimits({ vets }: ScheduleResult): { from: string; to: string } {
  const hours = vets.flatMap((vet) => vet.hours ?? [])
  const opens = hours.map((one) => Number(one.opens.slice(0, 2)))
  const closes = hours.map(({ closes: text }) =>
    Math.ceil(Number(text.slice(0, 2)) + Number(text.slice(3)) / 60),
  )
  const from = hours.length === 0 ? 7 : Math.max(0, Math.min(...opens) - 1)
  const to = hours.length === 0 ? 20 : Math.min(24, Math.max(...closes) + 1)
  return { from: `${String(from).padStart(2, '0')}:00`, to: `${String(to).padStart(2, '0')}:00` }
}
