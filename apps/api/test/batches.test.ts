import { availableSlotsResult } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { createDatabase } from '@vetcita/db'
import { apiRole } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'
import { adris } from '@vetcita/testing/seeded-clinics'
import { day } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildApi } from '../src/http/app.ts'
import { startApi, type TestApi, testEnv } from './support/api.ts'
import { failureOf, visitor } from './support/person.ts'

// A batch is admitted and counted by what its procedures cost, not as one request.

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const search = { serviceId: adris.consultation, from: day(1), to: day(62) }

/** Returns the answer after its body has been read: an unread one keeps its connection, and the server from closing. */
async function batch(url: string, procedure: string, inputs: readonly object[]) {
  const input = encodeURIComponent(JSON.stringify(Object.fromEntries(inputs.entries())))
  const names = inputs.map(() => procedure).join(',')
  const response = await fetch(`${url}/trpc/${names}?batch=1&input=${input}`, {
    headers: { 'x-clinic': 'adris' },
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const repeated = (count: number, input: object) => Array.from({ length: count }, () => input)

const answers = z.array(z.object({ result: z.object({ data: availableSlotsResult }) }))

/** Counts the calls of `available_slots` by the database's own statistics. */
async function searches(): Promise<number> {
  const { rows } = await api.admin.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::int as calls from pg_stat_user_functions where funcname = 'available_slots'`,
  )
  return rows[0]?.calls ?? 0
}

describe('slots.available', () => {
  it('twenty times over 62 days in steps of five minutes is refused', async () => {
    const response = await batch(api.url, 'slots.available', repeated(20, { ...search, stepMinutes: 5 }))
    expect(response.status).toBe(400)
    expect(response.text.length).toBeLessThan(2_000)
  })

  it('of more starts than 62 days in quarters of an hour is refused, and says why', async () => {
    const slots = visitor(api.url).at('adris').slots.available
    const refused = await failureOf(slots.query({ ...search, stepMinutes: 5 }))
    expect(refused).toMatchObject({ code: 'BAD_REQUEST', reason: 'INVALID_INPUT' })
    expect(refused.fields.map(({ path }) => path)).toEqual(['stepMinutes'])
    expect((await slots.query({ ...search, to: day(20), stepMinutes: 5 })).vets).not.toEqual([])
    expect((await slots.query(search)).vets).not.toEqual([])
  })

  it('answers with nothing but the starts of each vet', async () => {
    const { text } = await batch(api.url, 'slots.available', [search])
    const [answer] = answers.parse(JSON.parse(text))
    const found = answer === undefined ? [] : slotsOf(answer.result.data)
    expect(found.length).toBeGreaterThan(1_000)
    expect(text.length / found.length).toBeLessThan(32)
    const times = found.map(({ startTime }) => Date.parse(startTime))
    expect(times).toEqual(times.toSorted((one, other) => one - other))
  })

  it('asked ten times alike in one batch is searched once', async () => {
    const { rows } = await api.admin.query('select current_database() as name')
    await api.admin.query(`alter database ${rows[0].name} set track_functions = 'all'`)
    const counted = await startApiOn()
    const { text } = await batch(counted.url, 'slots.available', repeated(10, search))
    const all = answers.parse(JSON.parse(text))
    expect(all).toHaveLength(10)
    for (const one of all) expect(one).toEqual(all[0])
    await counted.close()
    // written when the connections end
    await expect.poll(searches).toBe(1)
  })
})

describe('a batch', () => {
  it('counts for the limit per minute as the procedures that it names', async () => {
    const limited = await startApiOn({ RATE_LIMIT: '30' })
    const statuses = []
    for (let n = 0; n < 4; n += 1)
      statuses.push((await batch(limited.url, 'clinic.list', repeated(10, {}))).status)
    const other = await startApiOn({ RATE_LIMIT: '30' })
    const slots = [
      await batch(other.url, 'slots.available', repeated(6, search)),
      await batch(other.url, 'clinic.list', [{}]),
    ]
    await limited.close()
    await other.close()
    expect(statuses).toEqual([200, 200, 200, 429])
    expect(slots.map(({ status }) => status)).toEqual([200, 429])
    expect(Number(slots[1]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('counts so for admission too, and is admitted when nothing else is in progress', async () => {
    const busy = await startApiOn({ MAX_IN_FLIGHT: '12' })
    await api.admin.query('begin')
    await api.admin.query('lock table tenants in access exclusive mode')
    const first = batch(busy.url, 'slots.available', repeated(2, search))
    await untilWaiting()
    const tooMuch = await batch(busy.url, 'slots.available', [search])
    const two = batch(busy.url, 'clinic.list', [{}])
    await untilWaiting(2)
    await api.admin.query('rollback')
    expect(tooMuch.status).toBe(503)
    expect([(await first).status, (await two).status]).toEqual([200, 200])
    // alone, even what costs more than the limit; a client may have its answer before the server has noticed
    await expect
      .poll(async () => (await batch(busy.url, 'slots.available', repeated(5, search))).status)
      .toBe(200)
    await busy.close()
  })
})

/** Another API on the same database. */
async function startApiOn(changes: Readonly<Record<string, string>> = {}) {
  const url = api.scratch.urlAs(apiRole, apiPassword)
  const db = createDatabase(url)
  const { app } = await buildApi(testEnv(url, changes), db)
  return {
    url: await app.listen({ port: 0, host: '127.0.0.1' }),
    close: async () => {
      await app.close()
      await db.$disconnect()
    },
  }
}

async function untilWaiting(atLeast = 1): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await api.admin.query<{ count: number }>(
        `select count(*)::int from pg_locks where relation = 'tenants'::regclass and not granted`,
      )
      return rows[0]?.count ?? 0
    })
    .toBeGreaterThanOrEqual(atLeast)
}
