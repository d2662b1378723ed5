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

// More than it can serve: what is too much is turned away at the door, at once and with a time to come back; what is let
// in is served about as quickly as ever. And an end that is asked for in the middle of load loses nothing.

// A booking that takes a tenth of a second and four connections: about forty a second, on whatever machine this runs.
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

/** Books a slot that nobody else wants. */
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

/** How many bookings a second it serves, and their median time, while `callers` ask one after the other. */
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
 * How long the API itself took for what it served, as its log tells: what a client measures in a flood is in good part
 * the client's own delay.
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

/** Calls at a fixed rate, whether answers come or not: that is what makes an overload. */
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

/** Bookings take so much longer, until it is mended. */
const slowBooking = (seconds: number) =>
  spoil(stage.admin, 'book_appointment_atomic', [
    [/if p_duration_minutes not between/, `perform pg_sleep(${seconds}); if p_duration_minutes not between`],
  ])

test('at five times what it can serve it sheds early, serves the rest in time, and recovers at once', async () => {
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
    `it serves ${before.perSecond.toFixed(0)} bookings a second (median ${before.medianMs.toFixed(0)} ms with ${inFlight} callers); asked for ${(replies.length / seconds).toFixed(0)}, it served ${(served.length / seconds).toFixed(0)} (median ${percentile(served, 50).toFixed(0)} ms, of which inside ${percentile(inside, 50)}, 95th ${percentile(inside, 95)}) and turned ${(shed.length / seconds).toFixed(0)} away (median ${percentile(shed, 50).toFixed(0)} ms); the first call after took ${first.ms.toFixed(0)} ms, and then it served ${after.perSecond.toFixed(0)} a second (median ${after.medianMs.toFixed(0)} ms)`,
  )
  expect(replies.length - served.length).toBe(shed.length)
  for (const reply of shed)
    expect(reply).toMatchObject({ status: 503, reason: 'BUSY', retryable: true, retryAfter: 1 })
  for (const reply of served) expect(reply).toMatchObject({ data: { success: true } })
  expect(served.length / seconds).toBeGreaterThan(0.5 * before.perSecond)
  expect(shed.length).toBeGreaterThan(served.length)
  // Who is served waits about as long as ever; who is not hears so at once. On a machine with nothing else to do all
  // three are within a tenth of the median before.
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

test('an API that lets everybody in would be found out: they wait in line', async () => {
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
  // what the database was asked for is at an end before the next test
  await open.stop()
})

/** How many bookings have been on for a while, and will be for another. */
async function inTheMiddle(): Promise<number> {
  const { rowCount } = await stage.admin.query(`
    select from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'
      and clock_timestamp() - query_start between interval '100 ms' and interval '250 ms'`)
  return rowCount ?? 0
}

/** Asks an API to end in the middle of load, of bookings that take nearly half a second. */
async function endUnderLoad(api: ApiProcess) {
  const mend = await slowBooking(0.4)
  const ledger = new Ledger()
  let isGoing = true
  const working = clients.map(async (client) => {
    const session = { ...client.session, url: api.url }
    await work({ ...client, session }, nextSlot, ledger, () => isGoing)
  })
  await sleep(1_000)
  await expect.poll(inTheMiddle, { interval: 10, timeout: 10_000 }).toBeGreaterThan(0)
  const asked = performance.now()
  const exit = await api.stop()
  const tookMs = performance.now() - asked
  isGoing = false
  await Promise.all(working)
  await mend()
  return { ledger, exit, tookMs, underWay: ledger.underWayAt(asked) }
}

test('SIGTERM under load: whoever was told yes has it, and nobody who was told nothing', async () => {
  const { ledger, exit, tookMs, underWay } = await endUnderLoad(stage.api)
  console.info(
    `${ledger.appointmentIds.length} bookings acknowledged, ${underWay.length} calls under way, ${ledger.unanswered.length} too late; ended after ${tookMs.toFixed(0)} ms`,
  )
  expect(exit).toEqual({ code: 0, signal: null })
  expect(tookMs).toBeLessThan(5_000)
  expect(ledger.surprises).toEqual([])
  // what was in the middle of something was answered, and what got no answer was not taken up
  expect(underWay.length).toBeGreaterThan(0)
  for (const reply of underWay) expect(reply.kind).toBe('answer')
  for (const change of ledger.unanswered) expect(await isDone(stage.admin, change)).toBe(false)
  expect(await misplaced(ledger, stage.admin)).toEqual([])
  expect(await violations(stage.admin, ledger.acknowledged)).toEqual(noViolations)
})

test('an API that does not wait would be found out', async () => {
  const hasty = await startProcess({ DATABASE_URL: stage.apiUrl, ...unlimited, SHUTDOWN_TIMEOUT_MS: '0' })
  onTestFinished(async () => void (await hasty.stop('SIGKILL')))
  const { underWay } = await endUnderLoad(hasty)
  expect(underWay.map(({ kind }) => kind)).toContain('lost')
})
