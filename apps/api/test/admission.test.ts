import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi({ MAX_IN_FLIGHT: '1' })
})
afterAll(() => api.stop())

it('refuses all but the calendar’s stream while the API is full, whatever the Accept header says', async () => {
  await api.admin.query('begin')
  await api.admin.query('lock table tenants in access exclusive mode')
  const waiting = fetch(`${api.url}/trpc/clinic.list`)
  await expect
    .poll(async () => {
      const { rows } = await api.admin.query<{ count: number }>(
        `select count(*)::int from pg_locks where relation = 'tenants'::regclass and not granted`,
      )
      return rows[0]?.count
    })
    .toBe(1)

  const streamlike = { accept: 'text/event-stream' }
  const refused = await fetch(`${api.url}/trpc/clinic.list`, { headers: streamlike })
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.text()).toContain('BUSY')
  // the stream itself is admitted, and refused only because no one is signed in
  const stream = await fetch(`${api.url}/trpc/live.calendar`, { headers: streamlike })
  expect(await stream.text()).toContain('UNAUTHORIZED')

  await api.admin.query('rollback')
  expect((await waiting).status).toBe(200)
  expect((await fetch(`${api.url}/trpc/clinic.list`)).status).toBe(200)
})
