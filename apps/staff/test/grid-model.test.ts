import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { draggedStart, type GridOptions, gridModel } from '../src/features/calendar/grid-model.ts'
import { neighbour } from '../src/features/calendar/neighbour.ts'
import { clockChanges, instantAt, wallSpan } from '../src/time/wall-clock.ts'

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
    pet: { id, name: id, species: 'cat' },
    service: { id, name: 'Consulta' },
    vet: { id: ana, fullName: 'Ana' },
    owner: { id, fullName: null, phone: null },
    reason: null,
    notes: null,
    cancellationReason: null,
    canMove: true,
    nextStatuses: [],
    squeezeIn: false,
    overrides: [],
    holdExpiresAt: null,
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
    closures: [],
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

const model = (from: ScheduleResult, options: Partial<GridOptions> = {}) =>
  gridModel(from, { view: 'day', withFreed: false, pending: new Map(), ...options })

/** The ids of a column's cards, with minutes below the first drawn hour, height, and lane. */
const placed = (from: ScheduleResult, options: Partial<GridOptions> = {}) =>
  model(from, options).columns.map(({ cards }) =>
    cards.map(({ appointment: { id }, top, height, lane, lanes }) => [
      id,
      top,
      height,
      `${lane + 1}/${lanes}`,
    ]),
  )

describe('the grid is drawn on the clinic’s clock', () => {
  test('with buffers, closed hours and time off', () => {
    const nine = appointment('nine', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00', {
      busyUntil: '2026-11-24T09:40:00-03:00',
    })
    const gone = appointment('gone', '2026-11-24T10:00:00-03:00', '2026-11-24T10:30:00-03:00', {
      status: 'cancelled',
    })
    const day = ordinary([nine, gone])
    day.vets[0]?.timeOff.push({
      startTime: '2026-11-24T10:00:00-03:00',
      endTime: '2026-11-26T00:00:00-03:00',
      reason: 'Congreso',
    })
    const { from, to, columns } = model(day)
    expect([from / 60, to / 60]).toEqual([7, 24])
    const shades = columns[0]?.shades.map(({ kind, reason, top, height }) => [kind, reason, top, height])
    expect(shades).toEqual([
      ['off', null, 0, 60],
      ['off', null, 5 * 60, 60],
      ['away', 'Congreso', 3 * 60, 14 * 60],
    ])
    // half an hour of visit, and ten minutes more until the vet is free
    expect(columns[0]?.cards).toMatchObject([{ top: 120, height: 40, visitShare: 75, time: '09:00' }])
    expect(model(day, { withFreed: true }).columns[0]?.cards).toHaveLength(2)
  })

  test('a dropped card stays where it was dropped until the move is answered', () => {
    const nine = appointment('nine', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00')
    const pending = new Map([['nine', { vetId: beto, start: '2026-11-24T11:00' }]])
    const { columns } = model(ordinary([nine]), { pending })
    expect(columns[0]?.cards).toEqual([])
    expect(columns[1]?.cards).toMatchObject([{ top: 240, height: 30, time: '11:00', isPending: true }])
  })

  test('a drag moves the start by the face of the clock, over midnight too', () => {
    const late = appointment('late', '2026-11-24T23:30:00-03:00', '2026-11-25T00:00:00-03:00')
    expect(draggedStart(late, 45, 0)).toBe('2026-11-25T00:15')
    expect(draggedStart(late, -60, 2)).toBe('2026-11-26T22:30')
  })
})

describe('cards are placed in their columns', () => {
  const day = '2026-11-24'
  const at = (id: string, from: string, to: string, vet = ana) =>
    appointment(id, `${day}T${from}:00-03:00`, `${day}T${to}:00-03:00`, { vet: { id: vet, fullName: vet } })

  test('in order of time, and side by side if their times overlap', () => {
    const from = ordinary([
      at('late', '10:00', '11:00'),
      at('early', '09:00', '10:00'),
      at('again', '09:30', '10:15'),
      at('alone', '11:00', '11:10'),
      at('other', '09:00', '09:30', beto),
    ])
    expect(placed(from)).toEqual([
      [
        ['early', 120, 60, '1/2'],
        ['again', 150, 45, '2/2'],
        ['late', 180, 60, '1/2'],
        ['alone', 240, 10, '1/1'],
      ],
      [['other', 120, 30, '1/1']],
    ])
  })

  test('an appointment outside the hours widens the grid, and one across midnight is on both days', () => {
    const night = appointment('night', `${day}T23:30:00-03:00`, '2026-11-25T00:30:00-03:00')
    const from = ordinary([at('dawn', '05:40', '06:00'), night])
    expect(placed(from)[0]).toEqual([
      ['dawn', 40, 20, '1/1'],
      ['night', 1110, 30, '1/1'],
    ])
    const next = {
      date: '2026-11-25',
      startTime: '2026-11-25T00:00:00-03:00',
      endTime: '2026-11-26T00:00:00-03:00',
    }
    const week = { ...from, days: [...from.days, next], vets: from.vets.slice(0, 1) }
    expect(model(week, { view: 'week' })).toMatchObject({ from: 0, to: 1440 })
    const [, nextDay] = placed(week, { view: 'week' })
    expect(nextDay).toEqual([['night', 0, 30, '1/1']])
  })
})

describe('on the days when the clocks change', () => {
  test('a skipped hour is marked, and has no instants', () => {
    expect(clockChanges(forward)).toEqual([
      { kind: 'missing', start: '2027-03-14T02:00', end: '2027-03-14T03:00' },
    ])
    expect(instantAt('2027-03-14T02:30', forward)).toBeNull()
    expect(instantAt('2027-03-14T03:00', forward)).toBe('2027-03-14T03:00:00-04:00')
  })

  test('a repeated hour is drawn once, and its appointments show their offset', () => {
    expect(clockChanges(back([]))).toEqual([
      { kind: 'repeated', start: '2026-11-01T01:00', end: '2026-11-01T02:00' },
    ])
    const first = appointment('first', '2026-11-01T01:30:00-04:00', '2026-11-01T01:00:00-05:00')
    const second = appointment('second', '2026-11-01T01:30:00-05:00', '2026-11-01T02:00:00-05:00')
    const cards = model(back([first, second])).columns[0]?.cards
    expect(cards).toMatchObject([
      { height: 30, time: '01:30 (-04:00)' },
      { height: 30, time: '01:30 (-05:00)' },
    ])
  })

  test('an appointment that ends before its start by the clock keeps its length', () => {
    expect(wallSpan('2026-11-01T01:45:00-04:00', '2026-11-01T01:15:00-05:00')).toEqual({
      start: '2026-11-01T01:45',
      end: '2026-11-01T02:15',
    })
  })
})

describe('arrows', () => {
  const { columns } = model(
    ordinary([
      appointment('a9', '2026-11-24T09:00:00-03:00', '2026-11-24T09:30:00-03:00'),
      appointment('a11', '2026-11-24T11:00:00-03:00', '2026-11-24T11:30:00-03:00'),
      appointment('b10', '2026-11-24T10:45:00-03:00', '2026-11-24T11:15:00-03:00', {
        vet: { id: beto, fullName: 'Beto' },
      }),
    ]),
  )

  test('lead along a column and to the nearest in time beside it, and stop at the edges', () => {
    expect(neighbour(columns, 'a9', 'ArrowDown')).toBe('a11')
    expect(neighbour(columns, 'a9', 'ArrowRight')).toBe('b10')
    expect(neighbour(columns, 'b10', 'ArrowLeft')).toBe('a11')
    expect(neighbour(columns, 'a9', 'ArrowUp')).toBeNull()
    expect(neighbour(columns, 'b10', 'ArrowRight')).toBeNull()
  })
})

test('an appointment over midnight is drawn on both days of a week', () => {
  const first = ordinary([appointment('late', '2026-11-24T23:30:00-03:00', '2026-11-25T00:30:00-03:00')])
  const next = {
    date: '2026-11-25',
    startTime: '2026-11-25T00:00:00-03:00',
    endTime: '2026-11-26T00:00:00-03:00',
  }
  const { columns } = model(
    { ...first, days: [...first.days, next], vets: first.vets.slice(0, 1) },
    { view: 'week' },
  )
  expect(columns.map(({ cards }) => cards.map(({ top, height }) => [top, height]))).toEqual([
    [[23 * 60 + 30, 30]],
    [[0, 30]],
  ])
})

test('cards on a closed day, in time off and outside hours say so, and the closed day is shaded for every vet', () => {
  const at = (hour: string) => `2026-11-24T${hour}:00-03:00`
  const [ana0, beto0] = ordinary([
    appointment('closed', at('09:00'), at('09:30')),
    appointment('away', at('10:00'), at('10:30')),
    appointment('outside', at('12:15'), at('12:45')),
    appointment('usual', at('14:00'), at('14:30')),
  ]).vets
  if (ana0 === undefined || beto0 === undefined) throw new Error('no vets')
  const { columns } = model({
    ...ordinary([]),
    closures: [{ id: ana, name: 'Feriado', startTime: at('08:00'), endTime: at('09:30') }],
    vets: [{ ...ana0, timeOff: [{ startTime: at('10:00'), endTime: at('11:00'), reason: null }] }, beto0],
  })
  expect(columns[0]?.cards.map(({ stray }) => stray)).toEqual(['closed', 'away', 'outside', null])
  for (const { shades } of columns)
    expect(shades.find(({ kind }) => kind === 'closed')).toMatchObject({ reason: 'Feriado', height: 90 })
})
