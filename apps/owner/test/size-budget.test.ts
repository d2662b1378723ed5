import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageWeights } from '../size-budget.ts'

/** Makes an incompressible script of about that many kilobytes. */
const script = (kilobytes: number) => randomBytes(kilobytes * 750).toString('base64')

const chunk = (fileName: string, kilobytes: number, imports: string[] = [], route?: string) => ({
  fileName,
  code: script(kilobytes),
  imports,
  isEntry: fileName === 'entry.js',
  facadeModuleId: route === undefined ? null : `/app/src/routes/${route}.tsx?tsr-split=component`,
})

test('a page weighs the entry, its layout, itself and their static imports, each once', () => {
  const weights = pageWeights([
    chunk('entry.js', 100, ['react.js']),
    chunk('react.js', 50),
    chunk('layout.js', 20, ['react.js', 'icons.js'], '$clinic/route'),
    chunk('icons.js', 8),
    chunk('book.js', 10, ['icons.js'], '$clinic/book'),
    chunk('home.js', 4, [], 'index'),
    chunk('dialog.js', 300),
  ])
  expect(weights.map(({ route }) => route)).toEqual(['/$clinic/book', '/'])
  const [book, home] = weights.map(({ kilobytes }) => kilobytes)
  // base64 carries 6 bits per byte, so gzip reduces it to three quarters
  expect(book).toBeCloseTo(188 * 0.757, -1)
  expect(home).toBeCloseTo(154 * 0.757, -1)
})
