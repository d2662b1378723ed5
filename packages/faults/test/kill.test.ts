import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Killable, startKillable, type Victim } from '../src/killable.ts'
import { Ledger, misplaced, settle } from '../src/ledger.ts'
import { type Client, slotSource, work } from '../src/load.ts'
import { newClient } from '../src/stage.ts'

// SIGKILL under load, to the server, to one of its backends (after which it recovers by itself) and to the API. Every
// acknowledged change must exist; unanswered ones are sent again, and the answer reports whether they had taken effect.

const clients = 6
const victims: readonly Victim[] = ['server', 'API', 'backend']
const rounds = process.env.FAULTS_LONG === undefined ? 10 : 50

let killable: Killable
let people: Client[]
const nextSlot = slotSource()
const ledger = new Ledger()

beforeAll(async () => {
  killable = await startKillable()
  people = []
  for (let n = 0; n < clients; n += 1) {
    people.push(await newClient(killable.url, `Client ${n}`))
  }
})
afterAll(() => killable.stop())

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await isSo()); await sleep(20))
    if (Date.now() > deadline) throw new Error(`Not within a minute: ${what}`)
}

/** Returns how many calls that began after a failure were answered, which shows that the fault is over. */
function answeredAfterFailures(since: number): number {
  const later = ledger.replies.filter(({ begun }) => begun > since)
  const failed = later.find(({ kind }) => kind !== 'answer')
  if (failed === undefined) return 0
  return later.filter(({ kind, begun }) => kind === 'answer' && begun > failed.begun + failed.ms).length
}

/** Waits until no statement of the killed API may still commit. */
async function untilQuiet(admin: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where application_name = 'vetcita-api' and state <> 'idle'`,
    )
    if (rowCount === 0) return
    await sleep(20)
  }
}

test.for(
  Array.from({ length: rounds }, (_, round) => [round, victims[round % victims.length] ?? 'server'] as const),
)('round %i: the %s is killed', { timeout: 120_000 }, async ([round, victim]) => {
  let isGoing = true
  const working = people.map((client) => work(client, nextSlot, ledger, () => isGoing))
  const before = ledger.appointmentIds.length
  const pid = killable.apiPid()
  await until(() => ledger.appointmentIds.length > before, 'a first booking')
  // a moment that differs from round to round
  await sleep(200 + ((round * 397) % 600))
  await killable.kill(victim)
  const killed = performance.now()
  if (victim === 'server') {
    await sleep(200)
    await killable.startServerAgain()
  }
  // the clients work during the fault and after it
  await until(() => answeredAfterFailures(killed - 100) >= 2 * clients, 'answers again')
  const backAfter = performance.now() - killed
  isGoing = false
  await Promise.all(working)

  expect(killable.apiPid() === pid, 'the API’s process is the same').toBe(victim !== 'API')
  expect(ledger.surprises).toEqual([])
  const unanswered = ledger.unanswered.length
  await killable.asAdmin(async (admin) => {
    await untilQuiet(admin)
    const { done, undone } = await settle(ledger, admin)
    console.info(
      `the ${victim}: ${ledger.appointmentIds.length - before} bookings acknowledged; ${unanswered} calls unanswered, of which ${done} had taken effect and ${undone} had not; all served again after ${Math.round(backAfter)} ms`,
    )
    expect(unanswered).toBeGreaterThan(0)
    expect(await misplaced(ledger, admin)).toEqual([])
    expect(await violations(admin, ledger.acknowledged)).toEqual(noViolations)
    await emptyCarts(admin)
  })
})

/** A line's quantity is at most 99, and each merge adds one. */
async function emptyCarts(admin: pg.Client): Promise<void> {
  await admin.query('delete from cart_items')
  ledger.cartLines.clear()
}

test('detects a server that acknowledges before it has written', async () => {
  await killable.asAdmin(async (admin) => {
    for (const setting of [
      `synchronous_commit = off`,
      `wal_writer_delay = '10s'`,
      `wal_writer_flush_after = '1GB'`,
    ])
      await admin.query(`alter system set ${setting}`)
    await admin.query('select pg_reload_conf()')
  })
  let isGoing = true
  const working = people.map((client) => work(client, nextSlot, ledger, () => isGoing))
  await until(() => ledger.cartLines.size === clients, 'a merge of each')
  await killable.kill('server')
  isGoing = false
  await Promise.all(working)
  await killable.startServerAgain()
  await killable.asAdmin(async (admin) => {
    const { lostAppointments, lostCartLines } = await violations(admin, ledger.acknowledged)
    expect(lostAppointments).toBeGreaterThan(0)
    expect(lostCartLines).toBeGreaterThan(0)
    expect((await misplaced(ledger, admin)).length).toBeGreaterThan(0)
  })
})
