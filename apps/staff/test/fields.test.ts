import { expect, test } from 'vitest'
import { hasWords } from '../src/components/plain-text.ts'
import { separatorsIn } from '../src/components/price-field.tsx'

test('a search ignores accents, case and the order of words', () => {
  expect(hasWords('Champú de avena Higiene', 'HIGIENE champu')).toBe(true)
  expect(hasWords('America/Argentina/Buenos Aires', 'buenos')).toBe(true)
  expect(hasWords('Pelota', 'pelota roja')).toBe(false)
})

test('number fields use the separators of the language', () => {
  expect(separatorsIn('es')).toEqual({ thousandSeparator: '.', decimalSeparator: ',' })
  expect(separatorsIn('en')).toEqual({ thousandSeparator: ',', decimalSeparator: '.' })
})
