import { describe, expect, test } from 'vitest'
import {
  nextStretch,
  problemOfDay,
  shareOf,
  stretch,
  toHours,
  toWeek,
} from '../src/features/settings/week.ts'

describe("a vet's week while it is edited", () => {
  test('converts back to the same hours, with a day that closes at midnight', () => {
    const hours = [
      { weekday: 1, opens: '08:00', closes: '12:00' },
      { weekday: 1, opens: '13:00', closes: '18:00' },
      { weekday: 7, opens: '20:00', closes: '24:00' },
    ]
    const week = toWeek(hours)
    expect(week.map((day) => day.length)).toEqual([2, 0, 0, 0, 0, 0, 1])
    expect(toHours(week)).toEqual(hours)
  })

  test.each([
    ['no stretch', [], null],
    ['a break between two, in any order', [stretch('13:00', '18:00'), stretch('08:00', '12:00')], null],
    ['one that follows directly', [stretch('08:00', '12:00'), stretch('12:00', '13:00')], null],
    ['until midnight', [stretch('20:00', '00:00')], null],
    ['an incomplete time', [stretch('08:00', '')], 'order'],
    ['an end before the start', [stretch('12:00', '08:00')], 'order'],
    ['of no length', [stretch('08:00', '08:00')], 'order'],
    ['two that overlap', [stretch('08:00', '12:00'), stretch('11:30', '13:00')], 'overlap'],
  ] as const)('%s', (_, day, problem) => {
    expect(problemOfDay(day)).toBe(problem)
  })

  test('a new stretch starts an hour after the last one, and is empty late at night', () => {
    expect(nextStretch([])).toMatchObject({ opens: '08:00', closes: '12:00' })
    const afternoon = nextStretch([stretch('13:00', '14:30'), stretch('08:00', '12:00')])
    expect(afternoon).toMatchObject({ opens: '15:30', closes: '19:30' })
    expect(nextStretch([stretch('08:00', '20:30')])).toMatchObject({ opens: '21:30', closes: '23:30' })
    expect(nextStretch([stretch('08:00', '00:00')])).toMatchObject({ opens: '', closes: '' })
  })

  test('the bar shows the share of the day', () => {
    expect(shareOf(stretch('06:00', '12:00'))).toEqual({ start: 0.25, length: 0.25 })
    expect(shareOf(stretch('18:00', '00:00'))).toEqual({ start: 0.75, length: 0.25 })
  })
})
