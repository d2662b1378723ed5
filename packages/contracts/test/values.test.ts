import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clinicSlug,
  id,
  idempotencyKey,
  instant,
  requiredText,
  searchDate,
  text,
  wallTime,
} from '../src/index.ts'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }) => (value: unknown) =>
  schema.safeParse(value).success

describe('instant', () => {
  it.each([
    '2030-01-01T10:00:00Z',
    '2030-01-01T10:00:00-03:00',
    '2030-01-01T10:00:00.123456+14:00',
    '9999-12-31T23:59:59Z',
  ])('accepts %s', (value) => expect(accepts(instant)(value)).toBe(true))
  it.each([
    '2030-01-01T10:00:00',
    '2030-01-01',
    '2030-02-30T10:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T10:00:00+15:00',
    '0000-01-01T10:00:00Z',
    '+010000-01-01T10:00:00Z',
    'tomorrow',
    '',
    1893456000000,
    null,
  ])('refuses %s', (value) => expect(accepts(instant)(value)).toBe(false))

  it('accepts every date that JavaScript writes, up to the year 9999', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(fc.property(dates, (date) => accepts(instant)(date.toISOString())))
  })
})

describe('texts', () => {
  it('are trimmed, bounded, and storable by PostgreSQL', () => {
    expect(text(5).parse('  año ')).toBe('año')
    expect(text(5).parse('🐕🐈')).toBe('🐕🐈')
    for (const value of ['123456', 'a\u0000', '\ud83d', 5, null]) expect(accepts(text(5))(value)).toBe(false)
  })
  it('are not empty if required', () => {
    expect(accepts(requiredText(5))('   ')).toBe(false)
    expect(accepts(text(5))('')).toBe(true)
  })
  it('never contain half a surrogate pair or NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (value) => {
        const result = text(100).safeParse(value)
        return !result.success || (result.data.isWellFormed() && !result.data.includes('\u0000'))
      }),
    )
  })
})

it('ids, slugs, keys, times and dates have their formats', () => {
  expect(accepts(id)('00000000-0000-0000-0000-000000000001')).toBe(true)
  expect(accepts(id)('00000000-0000-0000-0000-00000000000')).toBe(false)
  for (const slug of ['adris', 'a-b_9']) expect(accepts(clinicSlug)(slug)).toBe(true)
  for (const slug of ['a', 'Adris', '9lives', '__proto__', 'a b', `a${'b'.repeat(50)}`])
    expect(accepts(clinicSlug)(slug)).toBe(false)
  expect(accepts(idempotencyKey)(crypto.randomUUID())).toBe(true)
  for (const key of ['short', 'with space', 'k'.repeat(101), 'clé-unique'])
    expect(accepts(idempotencyKey)(key)).toBe(false)
  expect([accepts(wallTime)('00:00'), accepts(wallTime)('23:59'), accepts(wallTime)('24:00')]).toEqual([
    true,
    true,
    false,
  ])
  expect([
    accepts(searchDate)('1970-01-01'),
    accepts(searchDate)('3000-01-01'),
    accepts(searchDate)('2030-02-29'),
  ]).toEqual([true, false, false])
})
