import { createDatabase } from '@vetcita/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApi } from '../src/http/app.ts'
import { startApi, type TestApi, testEnv } from './support/api.ts'
import { failureOf, visitor } from './support/person.ts'

describe('health', () => {
  let api: TestApi

  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.stop())

  it('is alive and ready on a migrated database', async () => {
    expect(await (await fetch(`${api.url}/healthz`)).json()).toEqual({ status: 'ok' })
    const ready = await fetch(`${api.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', schemaVersion: '108' }])
  })

  it('is alive but not ready if migrations are missing, and reports that to callers', async () => {
    await api.admin.query('begin; alter function schema_version() rename to gone; commit')
    const ready = await fetch(`${api.url}/readyz`)
    await api.admin.query('alter function gone() rename to schema_version')
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', code: 'MIGRATIONS_PENDING', schemaVersion: null },
    ])

    const person = await api.owner('Waiting', 'adris')
    const name = 'merge_cart_atomic(uuid, text, jsonb)'
    await api.admin.query(`alter function ${name} rename to gone`)
    const failure = await failureOf(person.at('adris').store.cart.query())
    await api.admin.query('alter function gone(uuid, text, jsonb) rename to merge_cart_atomic')
    expect(failure).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      httpStatus: 503,
      reason: 'FUNCTION_MISSING',
    })
    expect(JSON.stringify(failure)).not.toContain('merge_cart_atomic')
  })

  it('is not ready on an older schema', async () => {
    await api.admin.query(
      `create or replace function schema_version() returns text language sql as $$ select '090' $$`,
    )
    const ready = await fetch(`${api.url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { code: 'MIGRATIONS_PENDING', schemaVersion: '090' },
    ])
  })

  it('sets the headers that keep foreign scripts out of a page', async () => {
    const { headers } = await fetch(`${api.url}/healthz`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy.split(';').find((part) => part.startsWith('script-src '))).not.toContain('unsafe-inline')
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  it('answers an unknown address with JSON and 404', async () => {
    const response = await fetch(`${api.url}/api/nothing`)
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }])
  })
})

describe('without a database', () => {
  it('stays alive, is not ready, and answers callers with a retryable error', async () => {
    // nothing listens on port 1
    const url = 'postgresql://vetcita_api:secret@127.0.0.1:1/vetcita'
    const db = createDatabase(url, { connectTimeoutMs: 1000 })
    const { app } = await buildApi(testEnv(url), db)
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const healthy = await fetch(`${address}/healthz`)
    const ready = await fetch(`${address}/readyz`)
    const listed = await failureOf(visitor(address).nowhere.clinic.list.query())
    const cookie = 'vetcita.session_token=abc.def'
    const me = await fetch(`${address}/trpc/session.me`, { headers: { cookie } })
    const signIn = await visitor(address).signIn('anyone@example.com')
    const signInBody: unknown = await signIn.json()
    await app.close()
    await db.$disconnect()

    expect(healthy.status).toBe(200)
    expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'DATABASE_UNAVAILABLE' }])
    const unavailable = { code: 'SERVICE_UNAVAILABLE', reason: 'DATABASE_UNAVAILABLE', retryable: true }
    expect(listed).toMatchObject({ ...unavailable, httpStatus: 503 })
    // without a valid signature there is no user, and no query
    expect(me.status).toBe(200)
    expect([signIn.status, signInBody]).toMatchObject([503, unavailable])
    expect(JSON.stringify([listed, signInBody])).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|prisma/i)
  })
})
