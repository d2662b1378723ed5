import '@event-calendar/core/index.css'
import './calendar.css'
import {
  type Calendar,
  createCalendar,
  destroyCalendar,
  Interaction,
  ResourceTimeGrid,
  TimeGrid,
} from '@event-calendar/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { useLanguage } from '@vetcita/ui'
import { useLayoutEffect, useRef } from 'react'
import { shiftWall, type Wall, wallOf } from '../../lib/wall-clock.ts'
import { drawnOf, type EventInput, slotLimits } from './calendar-events.ts'
import { eventContent, type GridTexts } from './event-content.ts'
import { applyEvents, firstScreen } from './grid-events.ts'
import { plainRoles } from './plain-roles.ts'

/** A card let go elsewhere. */
export interface Drop {
  appointment: DayAppointment
  vetId: string
  start: Wall
}

interface CalendarGridProps {
  view: 'day' | 'week'
  schedule: ScheduleResult
  events: readonly EventInput[]
  texts: GridTexts
  /** The name of the whole, for who can't see it. */
  label: string
  onOpen: (appointment: DayAppointment) => void
  onDrop: (drop: Drop) => void
  /** An empty place was clicked; in a week the vet is the one shown. */
  onSlot: (slot: { vetId: string | undefined; start: Wall }) => void
}

const SLOT_MINUTES = 15
const SLOT_PIXELS = 22
/** The hours below the first screen are drawn so many milliseconds after it. */
const REST_AFTER = 50
const PIXELS_PER_HOUR = (60 / SLOT_MINUTES) * SLOT_PIXELS
const LOCALE = { es: 'es-PY', en: 'en-GB' }

/**
 * The grid: vets side by side, or the days of one vet's week, and time downwards. The library draws and drags; all times
 * that it is given are the clinic's clock without a zone, so the device's own zone has no say.
 */
export function CalendarGrid(props: CalendarGridProps) {
  const { view, schedule, events, texts, label } = props
  const language = useLanguage()
  const host = useRef<HTMLDivElement>(null)
  const calendar = useRef<Calendar | null>(null)
  const latest = useRef(props)
  // what the grid has been given: an option that is set again has it draw everything anew
  const given = useRef({ date: '', events, texts })
  useLayoutEffect(() => {
    latest.current = props
  })
  const offset = schedule.now.slice(-6)
  const { from, to } = slotLimits(schedule)
  const { date } = schedule
  const resources = schedule.vets.map(({ id, fullName }) => ({ id, title: fullName }))
  const columns = JSON.stringify(resources)

  useLayoutEffect(() => {
    const target = host.current
    if (target === null) return
    const top = scrollTime(schedule, from)
    const shown = firstScreen(events, top, target.clientHeight, PIXELS_PER_HOUR)
    let rest: ReturnType<typeof setTimeout> | undefined
    const made = createCalendar(
      target,
      view === 'day' ? [ResourceTimeGrid, Interaction] : [TimeGrid, Interaction],
      {
        view: view === 'day' ? 'resourceTimeGridDay' : 'timeGridWeek',
        date,
        firstDay: 1,
        timeZone: offset,
        locale: LOCALE[language],
        headerToolbar: { start: '', center: '', end: '' },
        height: '100%',
        allDaySlot: false,
        nowIndicator: true,
        pointer: true,
        flexibleSlotTimeLimits: true,
        slotEventOverlap: false,
        slotDuration: { minutes: SLOT_MINUTES },
        snapDuration: { minutes: SLOT_MINUTES },
        slotHeight: SLOT_PIXELS,
        slotMinTime: from,
        slotMaxTime: to,
        columnWidth: view === 'day' ? 'minmax(8.5rem, 1fr)' : 'minmax(6rem, 1fr)',
        slotLabelFormat: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
        dayHeaderFormat: { weekday: 'short', day: 'numeric', month: 'short' },
        scrollTime: top,
        eventDurationEditable: false,
        // the cards write their own times; the library's way of writing a range takes longer than drawing the card
        eventTimeFormat: () => '',
        longPressDelay: 350,
        resources,
        events: [...shown],
        eventContent: (info) => eventContent(info, latest.current.texts),
        eventClick: ({ event }) => {
          const drawn = drawnOf(event)
          if (drawn?.kind === 'appointment') latest.current.onOpen(drawn.appointment)
        },
        dateClick: ({ dateStr, resource }) =>
          latest.current.onSlot({ vetId: resource?.id, start: dateStr.slice(0, 16) }),
        eventDrop: ({ event, delta, newResource, revert }) => {
          // where the card stands meanwhile is the page's to say
          revert()
          const drawn = drawnOf(event)
          if (drawn?.kind !== 'appointment') return
          const { appointment } = drawn
          latest.current.onDrop({
            appointment,
            vetId: newResource?.id ?? appointment.vet.id,
            start: shiftWall(wallOf(appointment.startTime), delta.days * 86_400 + delta.seconds),
          })
        },
      },
    )
    calendar.current = made
    given.current = { date, events: shown, texts }
    const painted = requestAnimationFrame(() => {
      rest = setTimeout(() => {
        applyEvents(made, given.current.events, latest.current.events)
        given.current = { ...given.current, events: latest.current.events }
      }, REST_AFTER)
    })
    const stop = plainRoles(target)
    return () => {
      stop()
      calendar.current = null
      cancelAnimationFrame(painted)
      clearTimeout(rest)
      void destroyCalendar(made)
    }
  }, [view, language, offset, from, to, columns])

  useLayoutEffect(() => {
    const { current } = calendar
    if (current === null) return
    const before = given.current
    given.current = { date, events, texts }
    if (before.date !== date) current.setOption('date', date)
    if (before.texts !== texts) current.setOption('eventContent', (info) => eventContent(info, texts))
    if (before.date !== date) current.setOption('events', [...events])
    else if (before.events !== events) applyEvents(current, before.events, events)
  }, [date, events, texts])
  return <section ref={host} className="vs-grid" aria-label={label} />
}

/**
 * Where the grid is scrolled to at first: the half hour that began before an hour ago on the clinic's today, with room
 * for what is written at its line, else the beginning of the day's work.
 */
function scrollTime({ now, today, days }: ScheduleResult, from: string): string {
  const hours = Number(now.slice(11, 13)) + Number(now.slice(14, 16)) / 60
  if (!days.some(({ date }) => date === today) || hours < 2) return from
  return shiftWall(`${today}T00:00`, Math.floor(hours * 2 - 2) * 1800 - 600).slice(11)
}
