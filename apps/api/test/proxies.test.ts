import { afterEach, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

// Whose address a request counts for, with and without a proxy in front.

let api: TestApi
afterEach(() => api.stop())

const forwarded = (...addresses: string[]) => ({ 'x-forwarded-for': addresses.join(', ') })

const statusOf = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(`${api.url}${path}`, { headers })).status

async function visits(count: number, headers: (n: number) => Record<string, string>): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < count; n += 1) statuses.push(await statusOf('/trpc/session.me', headers(n)))
  return statuses
}

it('without a trusted proxy, a client cannot choose whose limit it uses', async () => {
  api = await startApi({ RATE_LIMIT: '3', TRUSTED_PROXIES: '0' })
  expect(await visits(5, (n) => forwarded(`10.0.0.${n}`))).toEqual([200, 200, 200, 429, 429])
})

it('with one, each client has a limit of its own, and none chooses whose it uses', async () => {
  api = await startApi({ RATE_LIMIT: '3', TRUSTED_PROXIES: '1' })
  // the proxy appends the address that it sees to whatever the client sent
  expect(await visits(5, (n) => forwarded(`10.0.0.${n}`, '192.0.2.1'))).toEqual([200, 200, 200, 429, 429])
  expect(await visits(2, () => forwarded('192.0.2.2'))).toEqual([200, 200])
})

describe.each(['0', '1'])('metrics with %s trusted proxies', (proxies) => {
  const ways: Record<string, string>[] = [
    forwarded('203.0.113.9'),
    forwarded('127.0.0.1'),
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { via: '1.1 proxy' },
  ]

  it('are this machine’s own: what a proxy on it forwards is refused', async () => {
    api = await startApi({ TRUSTED_PROXIES: proxies })
    expect(await statusOf('/metrics')).toBe(200)
    for (const headers of ways) expect(await statusOf('/metrics', headers), JSON.stringify(headers)).toBe(403)
  })

  it('are served to anyone with the token, forwarded or not', async () => {
    api = await startApi({ TRUSTED_PROXIES: proxies, METRICS_TOKEN: 'a-token-that-only-the-tests-know' })
    const authorization = 'Bearer a-token-that-only-the-tests-know'
    expect(await statusOf('/metrics')).toBe(403)
    for (const headers of ways) {
      expect(await statusOf('/metrics', headers)).toBe(403)
      expect(await statusOf('/metrics', { ...headers, authorization })).toBe(200)
    }
  })
})
