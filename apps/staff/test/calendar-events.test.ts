import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { calendarEvents, type EventInput, slotLimits } from '../src/features/calendar/calendar-events.ts'
import { drawnHours, placeCards } from '../src/features/calendar/card-layout.ts'
import { cardsOf, neighbour } from '../src/features/calendar/neighbour.ts'
import { clockChanges, instantAt, wallSpan } from '../src/lib/wall-clock.ts'

const ana = '00000001-0000-4000-8000-000000000001'
const beto = '00000001-0000-4000-8000-000000000002'

function appointment(
  id: string,
  startTime: string,
  endTime: string,
  more: Partial<DayAppointment> = {},
): DayAppointment {
  return {
    id,
    status: 'scheduled',
    version: 1,
    startTime,
    endTime,
    busyUntil: endTime,
    statusSince: startTime,
    localDate: startTime.slice(0, 10),
    localTime: startTime.slice(11, 16),
    localEndTime: endTime.slice(11, 16),
    pet: { id, name: id, species: 'cat' },
    service: { id, name: 'Consulta' },
    vet: { id: ana, fullName: 'Ana' },
    owner: { id, fullName: null, phone: null },
    reason: null,
    notes: null,
    cancellationReason: null,
    canMove: true,
    nextStatuses: [],
    ...more,
  }
}

function schedule(
  timeZone: string,
  startTime: string,
  endTime: string,
  appointments: DayAppointment[],
): ScheduleResult {
  const date = startTime.slice(0, 10)
  const hours = [
    { date, opens: '08:00', closes: '12:00' },
    { date, opens: '13:00', closes: '24:00' },
  ]
  return {
    date,
    today: date,
    now: startTime,
    timeZone,
    days: [{ date, startTime, endTime }],
    vets: [
      {
        id: ana,
        fullName: 'Ana',
        hours,
        timeOff: [],
        appointments: appointments.filter((a) => a.vet.id === ana),
      },
      {
        id: beto,
        fullName: 'Beto',
        hours: null,
        timeOff: [],
        appointments: appointments.filter((a) => a.vet.id === beto),
      },
    ],
  }
}

const ordinary = (appointments: DayAppointment[]) =>
  schedule('America/Asuncion', '2026-11-24T00:00:00-03:00', '2026-11-25T00:00:00-03:00', appointments)
const forward = schedule('America/New_York', '2027-03-14T00:00:00-05:00', '2027-03-15T00:00:00-04:00', [])
const back = (appointments: DayAppointment[]) =>
  schedule('America/New_York', '2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00', appointments)

const drawn = (from: ScheduleResult, withFreed = false) =>
  calendarEvents(from, { withFreed, pending: new Map() }).map(({ id, start, end, style, extendedProps }) => ({
    id,
    start,
    end,
    style,
    ...extendedProps.drawn,
  }))

describe('a schedule is drawn on the clinic’s clock', () => {
  test('with buffers, the hours when nobody is there, and time off', () => {
    const nine = appointment('nine', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00', {
      busyUntil: '2026-11-24T09:40:00-03:00',
    })
    const gone = appointment('gone', '2026-11-24T10:00:00-03:00', '2026-11-24T10:30:00-03:00', {
      status: 'cancelled',
    })
    const day = ordinary([nine, gone])
    const away = {
      startTime: '2026-11-24T10:00:00-03:00',
      endTime: '2026-11-26T00:00:00-03:00',
      reason: 'Congreso',
    }
    day.vets[0]?.timeOff.push(away)
    const events = drawn(day)
    expect(events.find(({ kind }) => kind === 'away')).toMatchObject({
      start: '2026-11-24T10:00',
      end: '2026-11-26T00:00',
      reason: 'Congreso',
    })
    expect(events.filter(({ kind }) => kind === 'off').map(({ start, end }) => [start, end])).toEqual([
      ['2026-11-24T00:00', '2026-11-24T08:00'],
      ['2026-11-24T12:00', '2026-11-24T13:00'],
    ])
    // half an hour of visit and ten minutes more until the vet is free
    expect(events.find(({ id }) => id === 'nine')).toMatchObject({
      end: '2026-11-24T09:40',
      style: '--vs-visit: 75%',
    })
    expect(events.filter(({ kind }) => kind === 'appointment').map(({ id }) => id)).toEqual(['nine'])
    expect(drawn(ordinary([nine, gone]), true).filter(({ kind }) => kind === 'appointment')).toHaveLength(2)
    expect(slotLimits(ordinary([]))).toEqual({ from: '07:00', to: '24:00' })
  })

  test('a dropped card stands where it was dropped until the answer is there', () => {
    const nine = appointment('nine', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00')
    const pending = new Map([['nine', { vetId: beto, start: '2026-11-24T11:00' }]])
    const [card] = calendarEvents(ordinary([nine]), { withFreed: false, pending }).filter(
      ({ id }) => id === 'nine',
    )
    expect(card).toMatchObject({
      start: '2026-11-24T11:00',
      end: '2026-11-24T11:30',
      resourceIds: [beto],
      startEditable: false,
    })
  })
})

describe('cards stand in their columns', () => {
  const options = { withFreed: true, pending: new Map() }
  const day = '2026-11-24'
  const at = (id: string, from: string, to: string, vet = ana) =>
    appointment(id, `${day}T${from}:00-03:00`, `${day}T${to}:00-03:00`, { vet: { id: vet, fullName: vet } })
  const placed = (from: ScheduleResult, columns: Parameters<typeof placeCards>[1]) => {
    const events = calendarEvents(from, options)
    return placeCards(events, columns, drawnHours(from, events)).map((places) =>
      places.map(({ event, top, height, lane, lanes }) => [event.id, top, height, `${lane + 1}/${lanes}`]),
    )
  }
  const vets = [ana, beto].map((vetId) => ({ date: day, vetId }))

  test('in order of time, and side by side where their times overlap', () => {
    const from = ordinary([
      at('late', '10:00', '11:00'),
      at('early', '09:00', '10:00'),
      at('again', '09:30', '10:15'),
      at('alone', '11:00', '11:10'),
      at('other', '09:00', '09:30', beto),
    ])
    expect(drawnHours(from, calendarEvents(from, options))).toEqual({ from: '07:00', to: '24:00' })
    expect(placed(from, vets)).toEqual([
      [
        ['early', 120, 60, '1/2'],
        ['again', 150, 45, '2/2'],
        ['late', 180, 60, '1/2'],
        ['alone', 240, 10, '1/1'],
      ],
      [['other', 120, 30, '1/1']],
    ])
  })

  test('an appointment outside the hours widens the grid, and one across midnight stands on both days', () => {
    const night = appointment('night', `${day}T23:30:00-03:00`, '2026-11-25T00:30:00-03:00')
    const from = ordinary([at('dawn', '05:40', '06:00'), night])
    expect(drawnHours(from, calendarEvents(from, options))).toEqual({ from: '05:00', to: '24:00' })
    expect(placed(from, vets)[0]).toEqual([
      ['dawn', 40, 20, '1/1'],
      ['night', 1110, 30, '1/1'],
    ])
    const next = {
      date: '2026-11-25',
      startTime: '2026-11-25T00:00:00-03:00',
      endTime: '2026-11-26T00:00:00-03:00',
    }
    const week = { ...from, days: [...from.days, next] }
    expect(drawnHours(week, calendarEvents(week, options))).toEqual({ from: '00:00', to: '24:00' })
    const [, nextDay] = placed(week, [{ date: day }, { date: next.date }])
    expect(nextDay).toEqual([['night', 0, 30, '1/1']])
  })
})

describe('on the days when the clocks change', () => {
  test('the hour that is skipped is said to be none, and nothing can be put there', () => {
    expect(clockChanges(forward)).toEqual([
      { kind: 'missing', start: '2027-03-14T02:00', end: '2027-03-14T03:00' },
    ])
    expect(instantAt('2027-03-14T02:30', forward)).toBeNull()
    expect(instantAt('2027-03-14T03:00', forward)).toBe('2027-03-14T07:00:00.000Z')
  })

  test('the hour that comes twice is drawn once, and its two halves are told apart by their offset', () => {
    expect(clockChanges(back([]))).toEqual([
      { kind: 'repeated', start: '2026-11-01T01:00', end: '2026-11-01T02:00' },
    ])
    const first = appointment('first', '2026-11-01T01:30:00-04:00', '2026-11-01T01:00:00-05:00')
    const second = appointment('second', '2026-11-01T01:30:00-05:00', '2026-11-01T02:00:00-05:00')
    const cards = drawn(back([first, second])).filter(({ kind }) => kind === 'appointment')
    expect(cards).toMatchObject([
      { start: '2026-11-01T01:30', end: '2026-11-01T02:00', time: '01:30 (-04:00)' },
      { start: '2026-11-01T01:30', end: '2026-11-01T02:00', time: '01:30 (-05:00)' },
    ])
  })

  test('what ends before it began by the clock keeps its length', () => {
    expect(wallSpan('2026-11-01T01:45:00-04:00', '2026-11-01T01:15:00-05:00')).toEqual({
      start: '2026-11-01T01:45',
      end: '2026-11-01T02:15',
    })
  })
})

describe('arrows', () => {
  const events: EventInput[] = [
    ...calendarEvents(
      ordinary([
        appointment('a9', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00'),
        appointment('a11', '2026-11-24T11:00:00-03:00', '2026-11-24T11:30:00-03:00'),
        appointment('b10', '2026-11-24T10:45:00-03:00', '2026-11-24T11:15:00-03:00', {
          vet: { id: beto, fullName: 'Beto' },
        }),
      ]),
      { withFreed: false, pending: new Map() },
    ),
  ]
  const columns = [ana, beto]
  const go = (from: string, arrow: Parameters<typeof neighbour>[3]) =>
    neighbour(cardsOf(events, columns, false), columns, from, arrow)

  test('lead along a column and to the nearest in time beside it, and stop at the edges', () => {
    expect(go('a9', 'ArrowDown')).toBe('a11')
    expect(go('a9', 'ArrowRight')).toBe('b10')
    expect(go('b10', 'ArrowLeft')).toBe('a11')
    expect(go('a9', 'ArrowUp')).toBeNull()
    expect(go('b10', 'ArrowRight')).toBeNull()
  })
})
