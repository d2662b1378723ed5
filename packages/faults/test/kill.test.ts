import { rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { seedClinics } from '@vetcita/api/test/support/clinics'
import { type ApiProcess, startProcess } from '@vetcita/api/test/support/process'
import { noViolations, violations } from '@vetcita/db/test/sql/invariants'
import {
  apiPassword,
  apiRole,
  apiTemplate,
  dropServer,
  freePort,
  type Server,
  scratchDatabase,
  startServer,
} from '@vetcita/postgres'
import { runningServer } from '@vetcita/postgres/cluster'
import { throwawayFolder } from '@vetcita/postgres/test-server'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ledger, misplaced, settle } from '../src/ledger.ts'
import { type Client, slotSource, work } from '../src/load.ts'
import { newClient, unlimited } from '../src/stage.ts'

// `kill -9` in the middle of load, of the server, of one of its backends (after which it recovers by itself) and of the
// API. Who was told yes has it; who was told nothing asks again, and hears whether it had been done.

const clients = 6
const kinds = ['server', 'backend', 'API'] as const
const rounds = process.env.FAULTS_LONG === undefined ? kinds.length : 10

let folder: string
let server: Server
let databaseUrl: string
let people: Client[]
let api: ApiProcess
let port: string
const nextSlot = slotSource()
const ledger = new Ledger()

const start = () => startServer({ dataDir: path.join(folder, 'postgres'), port: 0 })
const startTheApi = async () => {
  const url = new URL(databaseUrl)
  url.username = apiRole
  url.password = apiPassword
  api = await startProcess({ DATABASE_URL: url.href, PORT: port, ...unlimited })
}

beforeAll(async () => {
  folder = await throwawayFolder()
  server = await start()
  const scratch = await scratchDatabase(server.url(), await apiTemplate(server.url()))
  databaseUrl = scratch.url
  await asAdmin(seedClinics)
  port = String(await freePort())
  await startTheApi()
  people = []
  for (let n = 0; n < clients; n += 1) {
    const { session, petId, customerId } = await newClient(api.url, `Client ${n}`)
    people.push({ session, petId, customerId })
  }
})
afterAll(async () => {
  api.child.kill('SIGKILL')
  await dropServer(path.join(folder, 'postgres'))
  await rm(folder, { recursive: true, force: true })
})

async function asAdmin<T>(look: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: databaseUrl })
  await admin.connect()
  try {
    return await look(admin)
  } finally {
    await admin.end()
  }
}

async function kill(kind: (typeof kinds)[number]): Promise<void> {
  if (kind === 'API') {
    const exited = new Promise((resolve) => api.child.once('exit', resolve))
    api.child.kill('SIGKILL')
    await exited
    return
  }
  const pid =
    kind === 'server'
      ? (await runningServer(server.folder))?.pid
      : await asAdmin(async (admin) => {
          const { rows } = await admin.query<{ pid: number }>(
            `select pid from pg_stat_activity where application_name = 'vetcita-api' limit 1`,
          )
          return rows[0]?.pid
        })
  if (pid === undefined) throw new Error(`There is no ${kind} to kill`)
  process.kill(pid, 'SIGKILL')
}

/** What a service manager does, with whatever does not come back by itself. */
async function bringBack(kind: (typeof kinds)[number]): Promise<void> {
  if (kind === 'API') await startTheApi()
  if (kind === 'server') server = await start()
}

async function untilServing(): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const status = await fetch(`${api.url}/readyz`).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) return performance.now() - begun
    if (performance.now() - begun > 60_000) throw new Error('The API does not come back')
    await sleep(50)
  }
}

/** What the killed API had asked for may still be on its way to a commit. */
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
  Array.from({ length: rounds }, (_, round) => [round, kinds[round % kinds.length] ?? 'server'] as const),
)('round %i: the %s is killed', { timeout: 120_000 }, async ([round, kind]) => {
  let isGoing = true
  const working = people.map((client) => work(client, nextSlot, ledger, () => isGoing))
  const before = ledger.appointmentIds.length
  // at a moment that differs from round to round
  await sleep(700 + ((round * 397) % 600))
  const { pid } = api.child
  await kill(kind)
  await sleep(400)
  isGoing = false
  await Promise.all(working)
  await bringBack(kind)
  const backAfter = await untilServing()
  if (kind !== 'API') expect([api.child.pid, api.child.exitCode]).toEqual([pid, null])

  expect(ledger.surprises).toEqual([])
  const unanswered = ledger.unanswered.length
  await asAdmin(async (admin) => {
    await untilQuiet(admin)
    const { done, undone } = await settle(ledger, admin)
    console.info(
      `the ${kind}: ${ledger.appointmentIds.length - before} bookings acknowledged; ${unanswered} calls unanswered, of which ${done} were done and ${undone} were not; serves again ${Math.round(backAfter)} ms after its return`,
    )
    expect(unanswered).toBeGreaterThan(0)
    expect(await misplaced(ledger, admin)).toEqual([])
    const acknowledged = {
      appointmentIds: ledger.appointmentIds,
      cartLines: [...ledger.cartLines.values()],
    }
    expect(await violations(admin, acknowledged)).toEqual(noViolations)
  })
})
