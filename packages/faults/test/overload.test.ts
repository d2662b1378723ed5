import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiProcess, startProcess } from '@vetcita/testing/api-process'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { callApi, type Reply } from '../src/api-client.ts'
import { isDone, Ledger, misplaced } from '../src/ledger.ts'
import { type Client, slotSource, work } from '../src/load.ts'
import { booking, newClient, type Stage, setStage, unlimited } from '../src/stage.ts'

// Under more load than it can serve, the API rejects the excess at once with a time to retry, and serves the rest about
// as quickly as ever. A shutdown under load loses nothing.

// A booking takes a tenth of a second and there are four connections: about forty a second, on any machine.
const inFlight = 8
const seconds = 4

let stage: Stage
let clients: Client[]
const nextSlot = slotSource()
beforeAll(async () => {
  stage = await setStage({ MAX_IN_FLIGHT: String(inFlight), DATABASE_POOL_SIZE: '4' })
  clients = []
  for (let n = 0; n < 4; n += 1) {
    clients.push(await newClient(stage.api.url, `Client ${n}`))
  }
})
afterAll(() => stage.stop())

let keys = 0

/** Books a slot that no other call asks for. */
function bookOne(url = stage.api.url): Promise<Reply> {
  keys += 1
  const client = clients[keys % clients.length]
  if (client === undefined) throw new Error('no client')
  const { n, day, vetId } = nextSlot()
  return callApi(
    { ...client.session, url },
    'mutation',
    'appointments.book',
    booking(client.petId, n, `overload-key-${keys}`, day, vetId),
  )
}

/** Returns the bookings per second and their median time while `callers` clients each book one after another. */
async function capacity(callers: number): Promise<{ perSecond: number; medianMs: number }> {
  const replies: Reply[] = []
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - begun < 2_000) replies.push(await bookOne())
    }),
  )
  for (const reply of replies) expect(reply).toMatchObject({ data: { success: true } })
  return {
    perSecond: replies.length / ((performance.now() - begun) / 1000),
    medianMs: percentile(replies, 50),
  }
}

const line = z.object({ msg: z.literal('request'), status: z.literal(200), ms: z.number() })

/**
 * Returns how long the API itself took for what it served, from its log: in a flood, much of what a client measures is
 * its own delay.
 */
function servedInside(log: string): Array<{ ms: number }> {
  return log.split('\n').flatMap((text) => {
    const parsed = text.startsWith('{') && text.endsWith('}') ? line.safeParse(JSON.parse(text)) : undefined
    return parsed?.success ? [{ ms: parsed.data.ms }] : []
  })
}

function percentile(replies: ReadonlyArray<{ ms: number }>, percent: number): number {
  const sorted = replies.map(({ ms }) => ms).sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length * percent) / 100)] ?? Number.NaN
}

/** Calls at a fixed rate without waiting for answers. */
async function flood(perSecond: number, url = stage.api.url): Promise<Reply[]> {
  const replies: Array<Promise<Reply>> = []
  const begun = performance.now()
  while (performance.now() - begun < seconds * 1000) {
    const due = ((performance.now() - begun) / 1000) * perSecond
    while (replies.length < due) replies.push(bookOne(url))
    await sleep(5)
  }
  return await Promise.all(replies)
}

/** Makes bookings that many seconds slower; returns a function that restores them. */
const slowBooking = (seconds: number) =>
  spoil(stage.admin, 'book_appointment_atomic', [
    [/if p_duration_minutes not between/, `perform pg_sleep(${seconds}); if p_duration_minutes not between`],
  ])

test('sheds early at five times its capacity, serves the rest in time, and recovers at once', async () => {
  onTestFinished(await slowBooking(0.1))
  const before = await capacity(inFlight)
  const logged = stage.api.log().length
  const replies = await flood(5 * before.perSecond)
  const inside = servedInside(stage.api.log().slice(logged))
  const first = await bookOne()
  const after = await capacity(inFlight)

  const served = replies.filter(({ kind }) => kind === 'answer')
  const shed = replies.filter(({ kind }) => kind === 'error')
  console.info(
    `it serves ${before.perSecond.toFixed(0)} bookings a second (median ${before.medianMs.toFixed(0)} ms with ${inFlight} callers); asked for ${(replies.length / seconds).toFixed(0)}, it served ${(served.length / seconds).toFixed(0)} (median ${percentile(served, 50).toFixed(0)} ms, of which inside ${percentile(inside, 50)}, 95th ${percentile(inside, 95)}) and rejected ${(shed.length / seconds).toFixed(0)} (median ${percentile(shed, 50).toFixed(0)} ms); the first call after took ${first.ms.toFixed(0)} ms, and then it served ${after.perSecond.toFixed(0)} a second (median ${after.medianMs.toFixed(0)} ms)`,
  )
  expect(replies.length - served.length).toBe(shed.length)
  for (const reply of shed)
    expect(reply).toMatchObject({ status: 503, reason: 'BUSY', retryable: true, retryAfter: 1 })
  for (const reply of served) expect(reply).toMatchObject({ data: { success: true } })
  expect(served.length / seconds).toBeGreaterThan(0.5 * before.perSecond)
  expect(shed.length).toBeGreaterThan(served.length)
  // Served calls take about as long as ever, rejected ones are answered at once. On an idle machine all three are within
  // a tenth of the median before.
  expect(percentile(inside, 50)).toBeLessThan(2 * before.medianMs)
  expect(percentile(inside, 95)).toBeLessThan(4 * before.medianMs)
  expect(percentile(served, 50)).toBeLessThan(3 * before.medianMs)
  expect(percentile(shed, 50)).toBeLessThan(percentile(served, 50) / 2)
  expect(first).toMatchObject({ data: { success: true } })
  expect(first.ms).toBeLessThan(2 * before.medianMs)
  expect(after.perSecond).toBeGreaterThan(0.5 * before.perSecond)
  expect(after.medianMs).toBeLessThan(2 * before.medianMs)
  expect(await violations(stage.admin)).toEqual(noViolations)
})

test('detects an API without a limit: calls queue', async () => {
  onTestFinished(await slowBooking(0.1))
  const open = await startProcess({
    DATABASE_URL: stage.apiUrl,
    ...unlimited,
    DATABASE_POOL_SIZE: '4',
    MAX_IN_FLIGHT: '0',
  })
  onTestFinished(async () => void (await open.stop('SIGKILL')))
  const replies = await flood(200, open.url)
  const served = replies.filter(({ kind }) => kind === 'answer')
  console.info(`without a limit: served after ${percentile(served, 50).toFixed(0)} ms (median)`)
  expect(percentile(served, 50)).toBeGreaterThan(1_500)
  // wait for its statements to end before the next test
  await open.stop()
})

/** Returns how many bookings have run for a while and are not about to end. */
async function midway(): Promise<number> {
  const { rowCount } = await stage.admin.query(`
    select from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'
      and clock_timestamp() - query_start between interval '100 ms' and interval '250 ms'`)
  return rowCount ?? 0
}

/** Sends SIGTERM to an API under a load of bookings that take nearly half a second. */
async function endUnderLoad(api: ApiProcess) {
  const restore = await slowBooking(0.4)
  const ledger = new Ledger()
  let isGoing = true
  const working = clients.map(async (client) => {
    const session = { ...client.session, url: api.url }
    await work({ ...client, session }, nextSlot, ledger, () => isGoing)
  })
  await sleep(1_000)
  await expect.poll(midway, { interval: 10, timeout: 10_000 }).toBeGreaterThan(0)
  const asked = performance.now()
  const exit = await api.stop()
  const tookMs = performance.now() - asked
  isGoing = false
  await Promise.all(working)
  await restore()
  return { ledger, exit, tookMs, inProgress: ledger.inProgressAt(asked) }
}

test('SIGTERM under load: what was acknowledged took effect, what went unanswered did not', async () => {
  const { ledger, exit, tookMs, inProgress } = await endUnderLoad(stage.api)
  console.info(
    `${ledger.appointmentIds.length} bookings acknowledged, ${inProgress.length} calls in progress, ${ledger.unanswered.length} unanswered; ended after ${tookMs.toFixed(0)} ms`,
  )
  expect(exit).toEqual({ code: 0, signal: null })
  expect(tookMs).toBeLessThan(5_000)
  expect(ledger.surprises).toEqual([])
  // calls in progress were answered, and unanswered ones were never begun
  expect(inProgress.length).toBeGreaterThan(0)
  for (const reply of inProgress) expect(reply.kind).toBe('answer')
  for (const change of ledger.unanswered) expect(await isDone(stage.admin, change)).toBe(false)
  expect(await misplaced(ledger, stage.admin)).toEqual([])
  expect(await violations(stage.admin, ledger.acknowledged)).toEqual(noViolations)
})

test('detects an API that does not wait for calls in progress', async () => {
  const hasty = await startProcess({ DATABASE_URL: stage.apiUrl, ...unlimited, SHUTDOWN_TIMEOUT_MS: '0' })
  onTestFinished(async () => void (await hasty.stop('SIGKILL')))
  const { inProgress } = await endUnderLoad(hasty)
  expect(inProgress.map(({ kind }) => kind)).toContain('lost')
})
