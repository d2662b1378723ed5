import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ScratchDatabase } from '@vetcita/testing'
import { startProcess } from '@vetcita/testing/api-process'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectLive, eventOf } from './support/live.ts'
import { visitor } from './support/person.ts'

let scratch: ScratchDatabase
let admin: pg.Client
let apiUrl: string

beforeAll(async () => {
  ;({ scratch, admin, apiUrl } = await seededDatabase())
})
afterAll(async () => {
  await admin.end()
  await scratch.drop()
})

const line = z.object({ msg: z.string().optional() })

const start = (env: Record<string, string> = {}) => startProcess({ DATABASE_URL: apiUrl, ...env })

/** Takes a lock that requests for products wait for, until `release`. */
async function blockProducts(): Promise<{ release: () => Promise<void> }> {
  const locker = new pg.Client({ connectionString: scratch.url })
  await locker.connect()
  await locker.query('begin; lock table store_products in access exclusive mode')
  return {
    release: async () => {
      await locker.query('commit')
      await locker.end()
    },
  }
}

async function untilWaiting(): Promise<void> {
  for (;;) {
    const { rowCount } = await admin.query(`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and application_name = 'vetcita-api'`)
    if (rowCount === 1) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until the process accepts no more requests: it refuses connections, or answers 503 while it closes. */
async function untilRefused(address: string): Promise<void> {
  for (;;) {
    const status = await fetch(address).then(
      (response) => response.status,
      () => 'refused',
    )
    if (status !== 200) return expect(['refused', 503]).toContain(status)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('SIGTERM', () => {
  it('finishes requests in progress, accepts no new ones, exits with 0, and logs no secret', async () => {
    const { child, url, log } = await start({ LOG_LEVEL: 'trace' })
    const send = (path: string, more: object = {}) =>
      fetch(`${url}/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'http://localhost:0' },
        body: JSON.stringify({ email: 'log@example.com', password: 'hunter2-hunter2', ...more }),
      })
    await send('sign-up/email', { name: 'Log' })
    const signedUp = await send('sign-in/email')
    const [cookie = ''] = signedUp.headers.getSetCookie().map((text) => text.split(';')[0] ?? '')
    await fetch(`${url}/trpc/session.me?secret=hunter2-hunter2`, { headers: { cookie } })
    const block = await blockProducts()
    const inFlight = fetch(`${url}/trpc/store.products`, { headers: { 'x-clinic': 'adris' } })
    await untilWaiting()
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await untilRefused(`${url}/healthz`)
    await block.release()
    const response = await inFlight
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ result: { data: { currency: 'PYG' } } })
    expect(await exited).toEqual([0, null])
    const text = log()
    const messages = text
      .trim()
      .split('\n')
      .map((one) => line.parse(JSON.parse(one)).msg)
    expect(messages).toContain('shutting down')
    expect(messages).toContain('stopped')
    expect(signedUp.status).toBe(200)
    expect(text).toContain('"path":"/trpc/session.me"')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(cookie.split('=')[1])
  })

  it('does not wait for the listeners of a live calendar', async () => {
    const { child, url } = await start({ PUBLIC_URL: 'http://localhost:4000' })
    const listener = visitor(url)
    const email = `${randomUUID()}@example.com`
    await listener.signUp({ name: 'Lucia', email })
    await admin.query(
      `insert into profiles (tenant_id, id, role, full_name) values ('adris', $1, 'vet', 'Lucia')`,
      [listener.id],
    )
    const live = await connectLive(listener, 'adris')
    expect(eventOf(await live.next())).toEqual({ kind: 'ready' })
    const exited = once(child, 'exit')
    const begun = performance.now()
    child.kill('SIGTERM')
    expect(await live.next()).toBeUndefined()
    expect(await exited).toEqual([0, null])
    expect(performance.now() - begun).toBeLessThan(3_000)
  })

  it('exits with 1 at the time limit', async () => {
    const { child, url } = await start({ SHUTDOWN_TIMEOUT_MS: '300' })
    const block = await blockProducts()
    const cut = fetch(`${url}/trpc/store.products`, { headers: { 'x-clinic': 'adris' } }).catch(() => 'cut')
    await untilWaiting()
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([1, null])
    expect(await cut).toBe('cut')
    await block.release()
  })
})

describe('the log', () => {
  it('does not keep a process alive when its reader has gone, nor does a kept-alive connection', async () => {
    const { child, url } = await start()
    child.stdout?.destroy()
    await (await fetch(`${url}/healthz`)).text()
    const exited = once(child, 'exit')
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
  })
})
