import type { Slot } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { firstDayWithRoom, roomOn, slotDays } from '../src/slots/slot-days.ts'

const slot = (vet: number, local: string, offset: string): Slot => ({
  vetId: `00000000-0000-4000-8000-00000000000${vet}`,
  startTime: `${local}:00${offset}`,
  endTime: `${local}:30${offset}`,
  localDate: local.slice(0, 10),
  localTime: local.slice(11),
})

describe('free times become days to pick from', () => {
  const days = slotDays('2026-11-23', [
    slot(1, '2026-11-25T09:00', '-03:00'),
    slot(2, '2026-11-25T09:00', '-03:00'),
    slot(2, '2026-11-25T08:30', '-03:00'),
    slot(1, '2026-11-25T12:00', '-03:00'),
    slot(1, '2026-12-01T09:00', '-03:00'),
  ])

  test('seven days, in order, morning until noon', () => {
    expect(days.map(({ date }) => date)).toHaveLength(7)
    expect(days[2]?.morning.map(({ label }) => label)).toEqual(['08:30', '09:00'])
    expect(days[2]?.afternoon.map(({ label }) => label)).toEqual(['12:00'])
  })

  test('one choice per start, which names a certain vet', () => {
    expect(days.map(roomOn)).toEqual([0, 0, 3, 0, 0, 0, 0])
    expect(days[2]?.morning[1]?.slot.vetId).toBe('00000000-0000-4000-8000-000000000001')
  })

  test('the first day with room opens', () => {
    expect(firstDayWithRoom(days)).toBe('2026-11-25')
    expect(firstDayWithRoom(slotDays('2026-11-23', []))).toBe('2026-11-23')
  })

  test('an hour that the clock shows twice is two choices that differ', () => {
    const [day] = slotDays('2026-11-01', [
      slot(1, '2026-11-01T01:30', '-04:00'),
      slot(1, '2026-11-01T01:30', '-05:00'),
    ])
    expect(day?.morning.map(({ label }) => label)).toEqual(['01:30 (-04:00)', '01:30 (-05:00)'])
  })

  test('for a move, the present start stands among the free ones and is none of them', () => {
    const free = [slot(1, '2026-11-25T09:00', '-03:00'), slot(1, '2026-11-25T09:30', '-03:00')]
    const shown = (current: string) => {
      const day = slotDays('2026-11-23', free, current)[2]
      return {
        now: day?.morning.flatMap(({ label, isCurrent }) => (isCurrent ? [label] : [])),
        room: day && roomOn(day),
      }
    }
    expect(shown('2026-11-25T09:30:00-03:00')).toEqual({ now: ['09:30'], room: 1 })
    expect(shown('2026-11-25T09:10:00-03:00')).toEqual({ now: ['09:10'], room: 2 })
    expect(shown('2026-11-26T09:10:00-03:00')).toEqual({ now: [], room: 2 })
  })
})
