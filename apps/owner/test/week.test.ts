import { expect, test } from 'vitest'
import { daysOf, openingWeek, weekdayOf } from '../src/features/clinic/week.ts'

const at = (vetId: string, weekday: number, opens: string, closes: string) => ({
  vetId,
  weekday,
  opens,
  closes,
})

test('the clinic is open while any of its vets works', () => {
  const hours = [
    at('b', 1, '10:00', '13:30'),
    at('a', 1, '08:00', '12:00'),
    at('a', 1, '14:00', '18:00'),
    at('b', 1, '18:00', '24:00'),
    at('b', 6, '08:00', '12:00'),
  ]
  const week = openingWeek(hours)
  expect(week.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(week[0]?.spans).toEqual([
    { opens: '08:00', closes: '13:30' },
    { opens: '14:00', closes: '24:00' },
  ])
  expect(week[6]?.spans).toEqual([])
  expect(daysOf('b', hours)).toEqual([1, 6])
  expect(['2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual([1, 7])
})
