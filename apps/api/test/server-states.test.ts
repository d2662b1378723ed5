import { createDatabase } from '@vetcita/db'
import { apiRole, databaseUrl } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'
import { startProcess } from '@vetcita/testing/api-process'
import { password } from '@vetcita/testing/browser'
import { adris } from '@vetcita/testing/seeded-clinics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildApi } from '../src/http/app.ts'
import { startApi, type TestApi, testEnv } from './support/api.ts'
import { failureOf, type Person, visitor } from './support/person.ts'

// When the server cannot serve, callers get a retryable 503, and the log and /readyz name the cause.

let api: TestApi
let name: string
let apiUrl: string

beforeAll(async () => {
  api = await startApi()
  name = new URL(api.scratch.url).pathname.slice(1)
  apiUrl = api.scratch.urlAs(apiRole, apiPassword)
})
afterAll(() => api.stop())

/** Runs with another API, whose connections are new ones. */
async function withApi<Result>(url: string, run: (address: string) => Promise<Result>): Promise<Result> {
  const db = createDatabase(url, { connectTimeoutMs: 3_000 })
  const { app } = await buildApi(testEnv(url), db)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    return await run(address)
  } finally {
    await app.close()
    await db.$disconnect()
  }
}

async function readyz(address: string): Promise<unknown> {
  const response = await fetch(`${address}/readyz`)
  return { status: response.status, ...z.looseObject({}).parse({ body: await response.json() }) }
}

const troubled = (trouble: string) => ({
  status: 503,
  body: { status: 'not ready', code: 'DATABASE_UNAVAILABLE', trouble, schemaVersion: null },
})

const unavailable = { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, retryable: true }

/** Expects 503 for a visitor's calls, a sign-in and a sign-up. */
async function expectUnavailable(address: string): Promise<void> {
  const person = visitor(address)
  expect(await failureOf(person.nowhere.clinic.list.query())).toMatchObject(unavailable)
  await expectNoSignIn(address)
}

async function expectNoSignIn(address: string, email = 'anyone@example.com'): Promise<void> {
  const forms = {
    'sign-in/email': { email, password },
    'sign-up/email': { name: 'Any', email: 'anyone@example.com', password },
  }
  for (const [form, body] of Object.entries(forms)) {
    const response = await fetch(`${address}/api/auth/${form}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost:4000' },
      body: JSON.stringify(body),
    })
    expect([response.status, await response.json()], form).toMatchObject([503, { retryable: true }])
    expect(response.headers.get('retry-after'), form).toBe('1')
  }
}

describe('a server that', () => {
  it('is read-only serves no writes and no sign-in, and is not ready', async () => {
    const person = await api.owner('Read Only', 'adris')
    await api.admin.query(`alter database ${name} set default_transaction_read_only = on`)
    try {
      await withApi(apiUrl, async (address) => {
        expect(await readyz(address)).toEqual(troubled('READ_ONLY'))
        await expectNoSignIn(address, person.email)
        const write = await fetch(`${address}/trpc/pets.create`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-clinic': 'adris', cookie: person.cookie },
          body: JSON.stringify({ name: 'Luna', species: 'dog' }),
        })
        const cart = await fetch(`${address}/trpc/store.setItem`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-clinic': 'adris', cookie: person.cookie },
          body: JSON.stringify({ type: 'product', id: adris.food, quantity: 1 }),
        })
        for (const response of [write, cart])
          expect([response.status, await response.json()]).toMatchObject([
            503,
            { error: { data: unavailable } },
          ])
        // reads are served
        expect(await visitor(address).nowhere.clinic.list.query()).toHaveLength(2)
      })
    } finally {
      await api.admin.query(`alter database ${name} reset default_transaction_read_only`)
    }
  })

  it('accepts no more connections', async () => {
    await api.admin.query(`alter database ${name} connection limit 0`)
    try {
      await withApi(apiUrl, async (address) => {
        expect(await readyz(address)).toEqual(troubled('TOO_MANY_CONNECTIONS'))
        await expectUnavailable(address)
      })
    } finally {
      await api.admin.query(`alter database ${name} connection limit -1`)
    }
  })

  it.each([
    ['knows another password', 'LOGIN_REFUSED', () => api.scratch.urlAs(apiRole, 'wrong')],
    ['is sent no password', 'LOGIN_REFUSED', () => apiUrl.replace(`:${apiPassword}@`, '@')],
    [
      'has no such database',
      'NO_DATABASE',
      () => databaseUrl(apiUrl, 'no_such_database', apiRole, apiPassword),
    ],
    ['speaks no TLS', 'TLS', () => `${apiUrl}?sslmode=require`],
    ['is not there', 'NO_ANSWER', () => 'postgresql://vetcita_api:x@127.0.0.1:1/vetcita'],
  ])('%s', async (_what, trouble, url) => {
    await withApi(url(), async (address) => {
      expect(await readyz(address)).toEqual(troubled(trouble))
      await expectUnavailable(address)
    })
  })
})

describe('what a server may answer at any moment', () => {
  let person: Person
  beforeAll(async () => {
    person = await api.owner('Any Moment', 'adris')
    await api.admin.query(`
      alter function schema_version() rename to real_schema_version;
      alter function merge_cart_atomic(uuid, text, jsonb) rename to real_merge_cart;
      create table raised (code text);
      grant select on raised to vetcita_api`)
    const raising = (head: string, result: string) => `
      create function ${head} returns ${result} language plpgsql security definer as $$
      begin raise exception 'as told' using errcode = (select code from raised); end $$;`
    await api.admin.query(
      raising('schema_version()', 'text') +
        raising('merge_cart_atomic(p_customer_id uuid, p_tenant_id text, p_new_items jsonb)', 'jsonb'),
    )
  })

  it.each([
    ['53100', 'DISK_FULL'],
    ['53000', 'OUT_OF_RESOURCES'],
    ['53200', 'OUT_OF_RESOURCES'],
    ['53300', 'TOO_MANY_CONNECTIONS'],
    ['58030', 'OUT_OF_RESOURCES'],
    ['57P01', 'SHUTTING_DOWN'],
    ['57P02', 'SHUTTING_DOWN'],
    ['57P03', 'NO_CONNECTIONS_ACCEPTED'],
    ['57P04', 'NO_DATABASE'],
    ['25006', 'READ_ONLY'],
    ['25P02', 'NO_ANSWER'],
    ['26000', 'NO_ANSWER'],
    ['42P05', 'NO_ANSWER'],
    ['0A000', 'NO_ANSWER'],
  ])('%s is a retryable 503, and /readyz says %s', async (code, trouble) => {
    await api.admin.query('delete from raised')
    await api.admin.query('insert into raised values ($1)', [code])
    expect(await failureOf(person.at('adris').store.cart.query())).toMatchObject(unavailable)
    expect(await readyz(api.url)).toEqual(troubled(trouble))
  })
})

it('the cause is logged once, however often /readyz is asked', async () => {
  const running = await startProcess({ DATABASE_URL: 'postgresql://vetcita_api:x@127.0.0.1:1/vetcita' })
  for (let n = 0; n < 4; n += 1) await readyz(running.url)
  await running.stop()
  const lines = running
    .log()
    .split('\n')
    .filter((line) => line.includes('the database does not serve'))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('"trouble":"NO_ANSWER"')
})
