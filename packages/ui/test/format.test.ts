import { describe, expect, test } from 'vitest'
import {
  addDays,
  formatDate,
  formatDateRange,
  formatMinutes,
  formatMoney,
  formatWeekday,
  formatZone,
  todayIn,
} from '../src/format.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money has the decimals of its currency', () => {
  test('guaraníes have no decimals, in either language', () => {
    expect(plain(formatMoney(150000, 'PYG', 'es'))).toBe('₲ 150.000')
    expect(plain(formatMoney('150000.00', 'PYG', 'en'))).toBe('₲150,000')
  })

  test('other currencies keep theirs', () => {
    expect(plain(formatMoney(25.5, 'USD', 'en'))).toBe('$25.50')
  })
})

describe("dates are the clinic's, whatever zone the device is in", () => {
  test.each(['America/Asuncion', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
    'from a device in %s',
    (zone) => {
      process.env.TZ = zone
      expect(formatDate('2026-11-24', 'full', 'es')).toBe('martes, 24 de noviembre de 2026')
      expect(formatDate('2026-11-24T23:30:00', 'long', 'en')).toBe('Tuesday 24 November')
      expect(addDays('2026-12-28', 7)).toBe('2027-01-04')
      expect(plain(formatDateRange('2026-11-23', '2026-11-29', 'es'))).toBe('23–29 de noviembre')
      expect(plain(formatDateRange('2026-11-30', '2026-12-06', 'en'))).toBe('30 November – 6 December')
    },
  )

  test("today is the date in the clinic's zone", () => {
    const instant = new Date('2026-11-24T01:00:00Z')
    expect(todayIn('America/Asuncion', instant)).toBe('2026-11-23')
    expect(todayIn('Pacific/Kiritimati', instant)).toBe('2026-11-24')
  })
})

test('days of the week and time zones are named in both languages', () => {
  expect([1, 7].map((day) => formatWeekday(day, 'weekdayName', 'es'))).toEqual(['lunes', 'domingo'])
  expect([1, 7].map((day) => formatWeekday(day, 'weekdayName', 'en'))).toEqual(['Monday', 'Sunday'])
  expect(formatZone('America/Asuncion', 'es')).toContain('Paraguay')
  expect(formatZone('America/Asuncion', 'en')).toContain('Paraguay')
})

test('durations', () => {
  expect([30, 60, 90].map(formatMinutes)).toEqual(['30 min', '1 h', '1 h 30 min'])
})
