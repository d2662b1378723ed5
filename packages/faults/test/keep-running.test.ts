import process from 'node:process'
import { startChild } from '@vetcita/postgres/children'
import { expect, test } from 'vitest'
import { keepRunning } from '../../../scripts/keep-running.ts'

// What starts an API again that something killed must not start one for ever that cannot run.

function kept(program: string) {
  let starts = 0
  const said: string[] = []
  const start = () => {
    starts += 1
    return startChild(process.execPath, ['-e', program])
  }
  const running = keepRunning(start(), start, (sentence) => said.push(sentence))
  return { running, said, starts: () => starts }
}

test('what fails at once each time is started five times, each time later, and given up', async () => {
  const begun = performance.now()
  const { running, said, starts } = kept('process.exit(3)')
  expect(await running.ended).toEqual({ code: 3, signal: null })
  expect(starts()).toBe(5)
  expect(said.at(-1)).toContain('not started again')
  expect(performance.now() - begun).toBeGreaterThan(4_000)
})

test('what ends well, or is asked to end, is not started again', async () => {
  const well = kept('')
  expect((await well.running.ended).code).toBe(0)
  expect(well.starts()).toBe(1)
  const asked = kept('setInterval(() => {}, 1000)')
  expect((await asked.running.stop()).signal).toBe('SIGTERM')
  expect(asked.starts()).toBe(1)
})
