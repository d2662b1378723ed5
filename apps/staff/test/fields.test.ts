import { expect, test } from 'vitest'
import { hasWords } from '../src/components/plain-text.ts'
import { separatorsIn } from '../src/components/price-field.tsx'

test('what is searched for is found whatever its accents, its words in any order', () => {
  expect(hasWords('Champú de avena Higiene', 'HIGIENE champu')).toBe(true)
  expect(hasWords('America/Argentina/Buenos Aires', 'buenos')).toBe(true)
  expect(hasWords('Pelota', 'pelota roja')).toBe(false)
})

test('a field of numbers separates as the lists do', () => {
  expect(separatorsIn('es')).toEqual({ thousandSeparator: '.', decimalSeparator: ',' })
  expect(separatorsIn('en')).toEqual({ thousandSeparator: ',', decimalSeparator: '.' })
})
