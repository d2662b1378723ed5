import process from 'node:process'
import { startChild } from '@vetcita/postgres/children'
import { expect, test } from 'vitest'
import { keepRunning } from '../../../scripts/keep-running.ts'

// The API is restarted if it is killed, but not forever if it cannot run.

function keep(program: string) {
  let starts = 0
  const sentences: string[] = []
  const start = () => {
    starts += 1
    return startChild(process.execPath, ['-e', program])
  }
  const running = keepRunning(start(), start, (sentence) => sentences.push(sentence))
  return { running, sentences, starts: () => starts }
}

test('gives up after five starts if a program fails at once, with a longer pause before each start', async () => {
  const begun = performance.now()
  const { running, sentences, starts } = keep('process.exit(3)')
  expect(await running.ended).toEqual({ code: 3, signal: null })
  expect(starts()).toBe(5)
  expect(sentences.at(-1)).toContain('not started again')
  expect(performance.now() - begun).toBeGreaterThan(4_000)
})

test('does not restart a program that exits with 0 or is asked to stop', async () => {
  const well = keep('')
  expect((await well.running.ended).code).toBe(0)
  expect(well.starts()).toBe(1)
  const asked = keep('setInterval(() => {}, 1000)')
  expect((await asked.running.stop()).signal).toBe('SIGTERM')
  expect(asked.starts()).toBe(1)
})
