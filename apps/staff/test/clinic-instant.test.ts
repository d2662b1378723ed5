import { describe, expect, test } from 'vitest'
import { clinicInstant } from '../src/time/clinic-instant.ts'

describe("a typed time is on the clinic's clock", () => {
  test('an ordinary day', () => {
    expect(clinicInstant('2026-11-24', '10:30', 'America/Asuncion', [])).toBe('2026-11-24T13:30:00.000Z')
    expect(clinicInstant('2026-07-01', '00:05', 'Europe/Madrid', [])).toBe('2026-06-30T22:05:00.000Z')
  })

  test('before and after the clocks change', () => {
    expect(clinicInstant('2027-03-14', '01:30', 'America/New_York', [])).toBe('2027-03-14T06:30:00.000Z')
    expect(clinicInstant('2027-03-14', '09:00', 'America/New_York', [])).toBe('2027-03-14T13:00:00.000Z')
  })

  test('a time that the clocks skip gives null', () => {
    expect(clinicInstant('2027-03-14', '02:30', 'America/New_York', [])).toBeNull()
  })

  test('a time that the clocks repeat gives the first instant', () => {
    expect(clinicInstant('2026-11-01', '01:30', 'America/New_York', [])).toBe('2026-11-01T05:30:00.000Z')
  })

  test("old zone data is corrected by the server's offset of that day", () => {
    // a phone whose zone data says −04 for Asunción, where the server says −03
    const known = ['2026-11-24T09:00:00-03:00']
    expect(clinicInstant('2026-11-24', '10:30', 'Etc/GMT+4', known)).toBe('2026-11-24T13:30:00.000Z')
    expect(clinicInstant('2026-11-25', '10:30', 'Etc/GMT+4', known)).toBe('2026-11-25T14:30:00.000Z')
  })

  test.each([
    ['', '10:30'],
    ['2026-11-24', ''],
  ])('%j %j is incomplete and gives null', (date, time) => {
    expect(clinicInstant(date, time, 'UTC', [])).toBeNull()
  })
})
