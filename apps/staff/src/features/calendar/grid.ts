import {
  type Calendar,
  createCalendar,
  destroyCalendar,
  Interaction,
  ResourceTimeGrid,
  TimeGrid,
} from '@event-calendar/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { shiftWall, type Wall, wallOf } from '../../lib/wall-clock.ts'
import { drawnOf, type EventInput } from './calendar-events.ts'
import { cardLayer } from './card-layer.ts'
import { type Column, type DrawnHours, drawnHours, isCard } from './card-layout.ts'
import { eventContent, type GridTexts } from './event-content.ts'
import { applyEvents } from './grid-events.ts'
import { takeInHand } from './in-hand.ts'
import { plainRoles } from './plain-roles.ts'

/** A card let go elsewhere. */
export interface Drop {
  appointment: DayAppointment
  vetId: string
  start: Wall
}

export interface GridHandlers {
  onOpen: (appointment: DayAppointment) => void
  onDrop: (drop: Drop) => void
  /** An empty place was clicked; in a week the vet is the one shown. */
  onSlot: (slot: { vetId: string | undefined; start: Wall }) => void
}

/** What can change without the grid being made anew. */
export interface Shown {
  schedule: ScheduleResult
  events: readonly EventInput[]
  texts: GridTexts
}

interface GridOptions {
  view: 'day' | 'week'
  language: 'es' | 'en'
  handlers: () => GridHandlers
}

export interface Grid {
  show: (what: Shown) => void
  destroy: () => void
}

const SLOT_MINUTES = 15
const SLOT_PIXELS = 22
const LOCALE = { es: 'es-PY', en: 'en-GB' }

/**
 * The grid as it stands on the page. The library draws hours, columns and shades, and drags; the cards are a layer
 * above its columns. Of the schedule's vets and offset only those at its making count.
 */
export function createGrid(target: HTMLElement, first: Shown, options: GridOptions): Grid {
  const { view, language, handlers } = options
  let shown = first
  let hours = drawnHours(first.schedule, first.events)
  let shades = first.events.filter((event) => !isCard(event))
  const calendar = createCalendar(
    target,
    view === 'day' ? [ResourceTimeGrid, Interaction] : [TimeGrid, Interaction],
    {
      view: view === 'day' ? 'resourceTimeGridDay' : 'timeGridWeek',
      date: first.schedule.date,
      firstDay: 1,
      timeZone: first.schedule.now.slice(-6),
      locale: LOCALE[language],
      headerToolbar: { start: '', center: '', end: '' },
      height: '100%',
      allDaySlot: false,
      nowIndicator: true,
      pointer: true,
      slotDuration: { minutes: SLOT_MINUTES },
      snapDuration: { minutes: SLOT_MINUTES },
      slotHeight: SLOT_PIXELS,
      slotMinTime: hours.from,
      slotMaxTime: hours.to,
      columnWidth: view === 'day' ? 'minmax(8.5rem, 1fr)' : 'minmax(6rem, 1fr)',
      slotLabelFormat: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      dayHeaderFormat: { weekday: 'short', day: 'numeric', month: 'short' },
      scrollTime: scrollTime(first.schedule, hours),
      eventDurationEditable: false,
      // the cards write their own times
      eventTimeFormat: () => '',
      longPressDelay: 350,
      resources: first.schedule.vets.map(({ id, fullName }) => ({ id, title: fullName })),
      events: [...shades],
      eventContent: (info) => eventContent(info, shown.texts),
      dateClick: ({ dateStr, resource }) =>
        handlers().onSlot({ vetId: resource?.id, start: dateStr.slice(0, 16) }),
      eventDragStart: ({ event }) => cards.hold(appointmentOf(event)?.id ?? null),
      eventDrop: ({ event, delta, newResource }) => {
        const appointment = appointmentOf(event)
        if (appointment === undefined) return
        handlers().onDrop({
          appointment,
          vetId: newResource?.id ?? appointment.vet.id,
          start: shiftWall(wallOf(appointment.startTime), delta.days * 86_400 + delta.seconds),
        })
      },
    },
  )
  const cards = cardLayer(target.querySelector('.ec-events') ?? target, {
    pixelsPerMinute: SLOT_PIXELS / SLOT_MINUTES,
    onOpen: (appointment) => handlers().onOpen(appointment),
    onPress: (event, press) => takeInHand(calendar, target, event, press, () => cards.hold(null)),
  })
  let isDue = false
  // after the library's own drawing: it measures its head and sidebar, which lays out whatever stands in it, twice
  const drawCards = () => {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      const { schedule, events, texts } = shown
      cards.draw({ events, columns: columnsOf(view, schedule), hours, texts })
    })
  }
  drawCards()
  const stop = plainRoles(target)

  return {
    show: (next) => {
      const before = shown
      shown = next
      const nextHours = drawnHours(next.schedule, next.events)
      const nextShades = next.events.filter((event) => !isCard(event))
      // an option that is set again has the library draw everything anew
      if (before.schedule.date !== next.schedule.date) {
        calendar.setOption('date', next.schedule.date)
        calendar.setOption('events', [...nextShades])
      } else {
        applyEvents(calendar, shades, nextShades)
      }
      if (hours.from !== nextHours.from) calendar.setOption('slotMinTime', nextHours.from)
      if (hours.to !== nextHours.to) calendar.setOption('slotMaxTime', nextHours.to)
      hours = nextHours
      shades = nextShades
      drawCards()
    },
    destroy: () => {
      stop()
      void destroyCalendar(calendar)
    },
  }
}

function appointmentOf(event: Calendar.Event): DayAppointment | undefined {
  const drawn = drawnOf(event)
  return drawn?.kind === 'appointment' ? drawn.appointment : undefined
}

function columnsOf(view: 'day' | 'week', { date, days, vets }: ScheduleResult): readonly Column[] {
  return view === 'day'
    ? vets.map(({ id }) => ({ date, vetId: id }))
    : days.map((day) => ({ date: day.date }))
}

/**
 * Where the grid is scrolled to at first: the half hour that began before an hour ago on the clinic's today, with room
 * for what is written at its line, else the beginning of the day's work.
 */
function scrollTime({ now, today, days }: ScheduleResult, { from }: DrawnHours): string {
  const hours = Number(now.slice(11, 13)) + Number(now.slice(14, 16)) / 60
  if (!days.some(({ date }) => date === today) || hours < 2) return from
  return shiftWall(`${today}T00:00`, Math.floor(hours * 2 - 2) * 1800 - 600).slice(11)
}
