import { setTimeout as sleep } from 'node:timers/promises'
import { adris } from '@vetcita/testing/seeded-clinics'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { callApi, type Reply } from '../src/api-client.ts'
import { type FaultyProxy, faultyProxy } from '../src/faulty-proxy.ts'
import { type Stage, setStage, slot } from '../src/stage.ts'

// While the database is slow, busy, gone or cut off in the middle of an answer, a client gets, in bounded time, an error
// with a reason that allows a retry; and the retry gives one booking, whether or not the first attempt took effect.

/** A statement is cancelled after 1.5 s, a wait for a lock after 0.5 s; a silent server is given up after 3.5 s. */
const limits = { DATABASE_TIMEOUT_MS: '1500', DATABASE_POOL_SIZE: '3' }

let proxy: FaultyProxy
let stage: Stage
let slots = 0
beforeAll(async () => {
  stage = await setStage(limits, async (apiUrl) => {
    proxy = await faultyProxy(apiUrl)
    return proxy.url
  })
})
afterAll(async () => {
  await stage.stop()
  await proxy.close()
})
afterEach(async () => {
  proxy.set({ kind: 'pass' })
  // it serves again at once, in the same process, and nothing is written partially
  expect(await products()).toMatchObject({ kind: 'answer' })
  expect(stage.api.child.exitCode).toBeNull()
  expect(await violations(stage.admin)).toEqual(noViolations)
})

const products = () => callApi(stage.session, 'query', 'store.products')

/** Returns a key that no test has used, and a call that books an unused slot with it. */
function fresh(): { key: string; book: () => Promise<Reply> } {
  slots += 1
  const [n, day, key] = [slots % 16, 5 + Math.floor(slots / 16), `fault-key-${slots}`]
  return { key, book: () => stage.book(n, key, day) }
}

async function rowsOf(key: string): Promise<number | null> {
  const { rowCount } = await stage.admin.query('select from appointments where idempotency_key = $1', [key])
  return rowCount
}

/** Expects an error that says when a client may retry, and reveals no internals. */
function expectRetryable(reply: Reply, reason: string, withinMs: number): void {
  expect(reply).toMatchObject({ kind: 'error', status: 503, reason, retryable: true, retryAfter: 1 })
  expect(reply.ms).toBeLessThan(withinMs)
  const body = reply.kind === 'error' ? reply.body : ''
  expect(body).not.toMatch(/select |insert |atomic|postgres|ECONN|\.ts|timeout|vetcita_api/i)
}

/** Takes a lock in a separate transaction; returns a function that releases it. */
async function locked(statement: string): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: stage.scratch.url })
  await holder.connect()
  await holder.query(`begin; ${statement}`)
  let held = true
  const release = async () => {
    if (held) await holder.end()
    held = false
  }
  onTestFinished(release)
  return release
}

const lockVet = () =>
  locked(`select from profiles where tenant_id = '${adris.id}' and id = '${adris.vet}' for update`)

async function untilWaiting(): Promise<number> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const { rows } = await stage.admin.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and application_name = 'vetcita-api'`,
    )
    if (rows[0]) return rows[0].pid
    await sleep(10)
  }
  throw new Error('No call waits for the lock')
}

describe('the database is busy', () => {
  test('a lock is held too long: BUSY, nothing is written, and the retry books', async () => {
    const { key, book } = fresh()
    const release = await lockVet()
    expectRetryable(await book(), 'BUSY', 3_000)
    expect(await rowsOf(key)).toBe(0)
    await release()
    expect(await book()).toMatchObject({ data: { success: true, replayed: false } })
  })

  test('a statement takes too long: BUSY, nothing is written, and the retry books', async () => {
    const { key, book } = fresh()
    const restore = await spoil(stage.admin, 'book_appointment_atomic', [
      [/if p_duration_minutes not between/, 'perform pg_sleep(30); if p_duration_minutes not between'],
    ])
    const reply = await book()
    await restore()
    expectRetryable(reply, 'BUSY', 4_000)
    expect(await rowsOf(key)).toBe(0)
    expect(await book()).toMatchObject({ data: { success: true, replayed: false } })
  })

  test('every connection of the pool is taken: waiting calls fail in bounded time', async () => {
    const release = await locked('lock table store_products in access exclusive mode')
    const replies = await Promise.all(Array.from({ length: 12 }, products))
    await release()
    for (const reply of replies) expectRetryable(reply, 'BUSY', 8_000)
  })

  test('the server accepts no more connections', async () => {
    await stage.admin.query(`alter database ${stage.scratch.name} connection limit 0`)
    await stage.admin.query(
      `select pg_terminate_backend(pid, 2000) from pg_stat_activity where application_name = 'vetcita-api' and datname = current_database()`,
    )
    const reply = await products()
    await stage.admin.query(`alter database ${stage.scratch.name} connection limit -1`)
    expectRetryable(reply, 'BUSY', 3_000)
  })
})

describe('the connection breaks', () => {
  test('a backend is terminated under a booking: the API retries it with the same key', async () => {
    const { key, book } = fresh()
    const release = await lockVet()
    const reply = book()
    const victim = await untilWaiting()
    await stage.admin.query('select pg_terminate_backend($1, 2000)', [victim])
    await untilWaiting()
    await release()
    expect(await reply).toMatchObject({ data: { success: true } })
    expect(await rowsOf(key)).toBe(1)
  })

  test.for(['cut', 'half-close', 'hold'] as const)(
    '%s in the middle of the answer to a booking: it took effect, and is answered as a replay',
    async (kind) => {
      const { key, book } = fresh()
      await products()
      proxy.set({ kind, only: key })
      expect(await book()).toMatchObject({ data: { success: true, replayed: true } })
      expect(proxy.spoilt()).toBeGreaterThan(0)
      expect(await rowsOf(key)).toBe(1)
    },
  )

  test.for(['cut', 'half-close', 'hold'] as const)(
    '%s in the middle of the answer to a move: an error, and the same move again is a replay',
    async (kind) => {
      const booked = await fresh().book()
      const appointmentId = booked.kind === 'answer' ? booked.data.appointmentId : undefined
      slots += 1
      const input = { appointmentId, newStartTime: slot(slots % 16, 5 + Math.floor(slots / 16)) }
      const move = () => callApi(stage.session, 'mutation', 'appointments.reschedule', input)
      proxy.set({ kind, only: input.newStartTime })
      expectRetryable(await move(), 'DATABASE_UNAVAILABLE', 6_000)
      proxy.set({ kind: 'pass' })
      expect(await move()).toMatchObject({ data: { success: true, replayed: true } })
    },
  )

  test.for([
    ['cut', 1],
    ['half-close', 2],
    ['hold', 3],
  ] as const)(
    '%s in the middle of the answer to a merge: an error, and the same merge again changes nothing',
    async ([kind, quantity]) => {
      const items = [{ type: 'product', id: adris.food, quantity }]
      const merge = () => callApi(stage.session, 'mutation', 'store.mergeCart', { items })
      proxy.set({ kind, only: adris.food })
      expectRetryable(await merge(), 'DATABASE_UNAVAILABLE', 6_000)
      proxy.set({ kind: 'pass' })
      const held = { type: 'product', id: adris.food, quantity }
      expect(await merge()).toMatchObject({
        data: { success: true, items: [held], changes: { added: [], raised: [], unchanged: [held] } },
      })
    },
  )

  test('every answer is cut: each call gets an error, and the API survives', async () => {
    const { key, book } = fresh()
    proxy.set({ kind: 'cut' })
    for (let attempt = 0; attempt < 5; attempt += 1)
      expectRetryable(await book(), 'DATABASE_UNAVAILABLE', 5_000)
    proxy.set({ kind: 'pass' })
    expect(await book()).toMatchObject({ data: { success: true } })
    expect(await rowsOf(key)).toBe(1)
  })

  test('the network fails silently: reads and bookings fail in bounded time', async () => {
    proxy.set({ kind: 'hold' })
    const { key, book } = fresh()
    const replies = await Promise.all([products(), products(), products(), book(), book()])
    for (const reply of replies)
      expect(reply).toMatchObject({ kind: 'error', status: 503, retryable: true, retryAfter: 1 })
    for (const reply of replies) expect(reply.ms).toBeLessThan(20_000)
    proxy.set({ kind: 'pass' })
    expect(await book()).toMatchObject({ data: { success: true } })
    expect(await rowsOf(key)).toBe(1)
  })

  test('a slow network only delays answers', async () => {
    proxy.set({ kind: 'delay', milliseconds: 80 })
    const reply = await fresh().book()
    expect(reply).toMatchObject({ data: { success: true, replayed: false } })
    expect(reply.ms).toBeGreaterThan(75)
  })
})
