import { randomUUID } from 'node:crypto'
import { apiRole } from '@vetcita/postgres'
import { adminUrl, apiPassword, apiTemplate, scratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BenchDatabase } from '../src/bench-database.ts'
import { draw } from '../src/chart.ts'
import type { Contender } from '../src/contender.ts'
import { functionThroughPg } from '../src/contenders/function.ts'
import { forUpdate, unsafeShortest } from '../src/contenders/in-typescript.ts'
import { measure } from '../src/families/booking.ts'
import { figure } from '../src/figures.ts'
import { dropOverlapConstraint } from '../src/overlap.ts'

// The benchmark counts double bookings itself: it must find those of the unsafe way, and none of a safe one.

let place: BenchDatabase
beforeAll(async () => {
  const scratch = await scratchDatabase(adminUrl(), await apiTemplate(adminUrl()))
  const admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
  place = { scratch, admin, apiUrl: scratch.urlAs(apiRole, apiPassword) }
  await dropOverlapConstraint(admin)
})
afterAll(async () => {
  await place.admin.end()
  await place.scratch.drop()
})

const accounts = Array.from({ length: 8 }, () => ({ userId: randomUUID(), cookie: '' }))

async function run(contender: Contender) {
  const booker = await contender.open(place, { url: '', accounts })
  try {
    return await measure(place, accounts, booker, { callers: 8, milliseconds: 1_500, vets: 4 })
  } finally {
    await booker.close()
  }
}

// whether two callers meet is chance, and rare on a busy machine
test('counts the double bookings of callers who check and then insert', { retry: 4 }, async () => {
  const { double, booked } = await run(unsafeShortest)
  expect(booked).toBeGreaterThan(0)
  expect(double).toBeGreaterThan(0)
})

test.for([functionThroughPg, forUpdate])('$name: none, although only the lock prevents them', async (one) => {
  expect(await run(one)).toMatchObject({ double: 0, errors: 0 })
})

test('a figure is a median with its spread', () => {
  expect(figure([5, 1, 3])).toEqual({ median: 3, low: 1, high: 5 })
  expect(figure([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1, high: 4 })
})

test('a chart is a self-contained image', () => {
  const svg = draw({
    file: 'x.svg',
    title: 'Bookings',
    x: ['1', '8'],
    xName: 'callers',
    yName: 'a second',
    kind: 'line',
    series: [{ name: 'function', values: [10, 20] }],
  })
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(svg).toContain('Bookings')
})
