import { describe, expect, test } from 'vitest'
import { clinicInstants } from '../src/time/clinic-instant.ts'

const clinicInstant = (...of: Parameters<typeof clinicInstants>) => clinicInstants(...of)[0] ?? null

describe("a typed time is on the clinic's clock", () => {
  test('an ordinary day', () => {
    expect(clinicInstant('2026-11-24', '10:30', 'America/Asuncion', [])).toBe('2026-11-24T10:30:00-03:00')
    expect(clinicInstant('2026-07-01', '00:05', 'Europe/Madrid', [])).toBe('2026-07-01T00:05:00+02:00')
  })

  test('before and after the clocks change', () => {
    expect(clinicInstant('2027-03-14', '01:30', 'America/New_York', [])).toBe('2027-03-14T01:30:00-05:00')
    expect(clinicInstant('2027-03-14', '09:00', 'America/New_York', [])).toBe('2027-03-14T09:00:00-04:00')
  })

  test('a time that the clocks skip gives null', () => {
    expect(clinicInstant('2027-03-14', '02:30', 'America/New_York', [])).toBeNull()
  })

  test('a time that the clocks repeat gives the first instant', () => {
    expect(clinicInstant('2026-11-01', '01:30', 'America/New_York', [])).toBe('2026-11-01T01:30:00-04:00')
  })

  test("old zone data is corrected by the server's offset of that day", () => {
    // a phone whose zone data says −04 for Asunción, where the server says −03
    const known = ['2026-11-24T09:00:00-03:00']
    expect(clinicInstant('2026-11-24', '10:30', 'Etc/GMT+4', known)).toBe('2026-11-24T10:30:00-03:00')
    expect(clinicInstant('2026-11-25', '10:30', 'Etc/GMT+4', known)).toBe('2026-11-25T10:30:00-04:00')
  })

  test.each([
    ['', '10:30'],
    ['2026-11-24', ''],
  ])('%j %j is incomplete and gives null', (date, time) => {
    expect(clinicInstant(date, time, 'UTC', [])).toBeNull()
  })
})
