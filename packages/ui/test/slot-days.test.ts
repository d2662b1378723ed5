import type { Slot } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { firstDayWithRoom, roomOn, slotDays } from '../src/slots/slot-days.ts'

const slot = (vet: number, local: string, offset: string): Slot => ({
  vetId: `00000000-0000-4000-8000-00000000000${vet}`,
  startTime: `${local}:00${offset}`,
})

describe('slotDays', () => {
  const days = slotDays('2026-11-23', [
    slot(1, '2026-11-25T09:00', '-03:00'),
    slot(2, '2026-11-25T09:00', '-03:00'),
    slot(2, '2026-11-25T08:30', '-03:00'),
    slot(1, '2026-11-25T12:00', '-03:00'),
    slot(1, '2026-12-01T09:00', '-03:00'),
  ])

  test('groups times into seven days, by morning and afternoon', () => {
    expect(days.map(({ date }) => date)).toHaveLength(7)
    expect(days[2]?.morning.map(({ label }) => label)).toEqual(['08:30', '09:00'])
    expect(days[2]?.afternoon.map(({ label }) => label)).toEqual(['12:00'])
  })

  test('offers one choice per start, with a certain vet', () => {
    expect(days.map(roomOn)).toEqual([0, 0, 3, 0, 0, 0, 0])
    expect(days[2]?.morning[1]?.slot.vetId).toBe('00000000-0000-4000-8000-000000000001')
  })

  test('opens the first day with a free time', () => {
    expect(firstDayWithRoom(days)).toBe('2026-11-25')
    expect(firstDayWithRoom(slotDays('2026-11-23', []))).toBe('2026-11-23')
  })

  test('tells apart two starts in an hour that the clock shows twice', () => {
    const [day] = slotDays('2026-11-01', [
      slot(1, '2026-11-01T01:30', '-04:00'),
      slot(1, '2026-11-01T01:30', '-05:00'),
    ])
    expect(day?.morning.map(({ label }) => label)).toEqual(['01:30 (-04:00)', '01:30 (-05:00)'])
  })

  test('lists the present start of a move without counting it as free', () => {
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
