import { password } from '@vetcita/testing/browser'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { startApi, type TestApi } from './support/api.ts'

// Attacks on accounts: guessing passwords, and finding out which addresses have one.

let api: TestApi
const email = 'maria@example.com'

beforeAll(async () => {
  api = await startApi({ SIGN_IN_RATE_LIMIT: '100000', TRUSTED_PROXIES: '1' })
  await post('sign-up', '10.0.0.1', { name: 'Maria', email, password })
})
afterAll(() => api.stop())
beforeEach(async () => {
  await api.admin.query('delete from login.rate_limit')
})

/** Submits a form from a client address. */
function post(form: string, address: string, body: object, cookie = ''): Promise<Response> {
  return fetch(`${api.url}/api/auth/${form}`.replace(/sign-(in|up)$/, '$&/email'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: 'http://localhost:4000',
      'x-forwarded-for': address,
      cookie,
    },
    body: JSON.stringify(body),
  })
}

const guess = (address: string, to = email, cookie = '') =>
  post('sign-in', address, { email: to, password: 'a wrong password' }, cookie)

const enter = (address: string, cookie = '') => post('sign-in', address, { email, password }, cookie)

/** Makes one guess, and sets the counters as if it had been `count`. */
async function guessed(
  count: number,
  kind: 'from everywhere' | 'from there',
  ...from: Parameters<typeof guess>
) {
  await guess(...from)
  await api.admin.query(
    `update login.rate_limit set count = $1 where key like 'sign-in:%' and (key like '%|%') = $2`,
    [count, kind === 'from there'],
  )
}

const guessedBefore = (count: number) => guessed(count, 'from everywhere', '10.9.9.9')

/** The cookie by which a browser shows that it has signed in to an account before. */
function proof(response: Response): string {
  const line = response.headers.getSetCookie().find((cookie) => cookie.includes('known-')) ?? ''
  expect(line).toMatch(
    /^vetcita\.known-[0-9a-f]{12}=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/i,
  )
  return line.split(';')[0] ?? ''
}

describe('guesses at one account', () => {
  it('are refused after ten from one address, even the right password, concurrent or one by one', async () => {
    await guessed(7, 'from there', '10.0.0.2')
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await guess('10.0.0.2')).status),
    )
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(9)
    const refused = await enter('10.0.0.2')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
    // the user signs in from another address
    expect((await enter('10.0.0.3')).status).toBe(200)
    // and after a quarter of an hour the first address is admitted again
    await api.admin.query('update login.rate_limit set last_request = last_request - 901000')
    expect((await enter('10.0.0.2')).status).toBe(200)
  })

  it('are refused after thirty from many addresses, but not in a browser that has signed in before', async () => {
    const known = proof(await enter('10.0.0.1'))
    await guessedBefore(29)
    expect((await guess('10.0.1.1')).status).toBe(401)
    expect((await guess('10.0.1.2')).status).toBe(429)
    expect((await enter('10.0.1.3')).status).toBe(429)
    expect((await enter('10.0.1.4', known)).status).toBe(200)
    // such a browser has ten guesses of its own
    await guessed(9, 'from there', '10.0.1.4', email, known)
    expect((await guess('10.0.1.4', email, known)).status).toBe(401)
    expect((await guess('10.0.1.4', email, known)).status).toBe(429)
  })

  it('cannot be extended by a proof for another account, or by a forged one', async () => {
    await post('sign-up', '10.0.0.4', { name: 'Eva', email: 'eva@example.com', password })
    const evas = proof(await post('sign-in', '10.0.0.4', { email: 'eva@example.com', password }))
    const [name = ''] = proof(await enter('10.0.0.1')).split('=')
    const [, value = ''] = evas.split('=')
    await guessedBefore(30)
    for (const cookie of [`${name}=${value}`, `${name}=x.y`, `${name}=`, evas])
      expect((await enter('10.0.0.4', cookie)).status, cookie).toBe(429)
  })

  it('from one address do not use up those of others', async () => {
    await guessed(10, 'from there', '10.0.2.1')
    const more = await Promise.all(Array.from({ length: 40 }, async () => (await guess('10.0.2.1')).status))
    expect(new Set(more)).toEqual(new Set([429]))
    expect((await enter('10.0.2.2')).status).toBe(200)
  })

  it('and sign-ups by others do not lock the owner out: the reset mail arrives, and its browser can sign in', async () => {
    for (let n = 0; n < 7; n += 1)
      await post('sign-up', `10.0.5.${n}`, { name: 'Another', email, password: 'another password' })
    await guessedBefore(30)
    expect((await enter('10.0.3.1')).status).toBe(429)
    await post('request-password-reset', '10.0.3.1', { email })
    const token = await vi.waitFor(async () => {
      const mail = (await api.mails(1)).find(({ link }) => link.includes('/reset-password#'))
      if (mail === undefined) throw new Error('no mail yet')
      return mail.token
    })
    const reset = await post('reset-password', '10.0.3.1', {
      newPassword: password,
      token: decodeURIComponent(token),
    })
    expect(reset.status).toBe(200)
    // the others go on guessing before the owner has typed the new password
    await guessedBefore(30)
    expect((await enter('10.0.3.2')).status).toBe(429)
    expect((await enter('10.0.3.1', proof(reset))).status).toBe(200)
  })

  it('are forgotten after a reset, for every browser', async () => {
    const mailed = (await api.mails(1)).length
    await post('request-password-reset', '10.0.3.1', { email })
    const [mail] = (await api.mails(mailed + 1)).slice(mailed)
    await guessedBefore(30)
    await post('reset-password', '10.0.3.1', {
      newPassword: password,
      token: decodeURIComponent(mail?.token ?? ''),
    })
    expect((await enter('10.0.3.3')).status).toBe(200)
  })

  it('leave no readable address in the counters', async () => {
    await guess('10.0.4.1')
    const { rows } = await api.admin.query<{ key: string }>('select key from login.rate_limit')
    expect(rows.length).toBeGreaterThan(1)
    for (const { key } of rows) expect(key).not.toContain('maria')
  })
})

describe('whether an address has an account', () => {
  const unknown = () => `unknown.${crypto.randomUUID()}@example.com`
  /** Returns the observable parts of an answer, without random values. */
  const seen = async (response: Response) => ({
    status: response.status,
    body: shape(await response.json()),
    headers: [...response.headers.keys()].filter((name) => name !== 'set-cookie').sort(),
    cookies: response.headers.getSetCookie(),
  })

  it('is revealed neither by a sign-in nor by its limits', async () => {
    const stranger = unknown()
    const known = [await seen(await guess('10.1.0.1'))]
    const others = [await seen(await guess('10.1.0.1', stranger))]
    await api.admin.query(`update login.rate_limit set count = 10 where key like 'sign-in:%'`)
    known.push(await seen(await guess('10.1.0.1')))
    others.push(await seen(await guess('10.1.0.1', stranger)))
    expect(known.map(({ status }) => status)).toEqual([401, 429])
    expect(known).toEqual(others)
  })

  it('is not revealed by a sign-up, a reset or a second confirmation', async () => {
    const forms: Record<string, (address: string) => object> = {
      'sign-up': (to) => ({ name: 'Someone', email: to, password }),
      'request-password-reset': (to) => ({ email: to }),
      'send-verification-email': (to) => ({ email: to }),
    }
    for (const [form, body] of Object.entries(forms)) {
      const known = await seen(await post(form, '10.1.0.2', body(email)))
      expect(await seen(await post(form, '10.1.0.2', body(unknown()))), form).toEqual(known)
      expect(known.status).toBe(200)
    }
  })

  it('is not revealed by sign-ups at the same moment, which make one account', async () => {
    const address = unknown()
    const answers = await Promise.all(
      Array.from({ length: 4 }, async (_, n) =>
        seen(await post('sign-up', `10.1.0.${n}`, { name: 'Someone', email: address, password })),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const { rowCount } = await api.admin.query('select from login."user" where email = $1', [address])
    expect(rowCount).toBe(1)
    expect((await post('sign-in', '10.1.0.9', { email: address, password })).status).toBe(200)
  })

  it('is not revealed by the time of a reset', async () => {
    const answers = Array.from({ length: 8 }, async (_, n) => {
      const start = performance.now()
      await post('request-password-reset', `10.3.0.${n}`, { email: n % 2 === 0 ? email : unknown() })
      return performance.now() - start
    })
    expect(Math.min(...(await Promise.all(answers)))).toBeGreaterThanOrEqual(245)
  })

  it.each(['sign-in', 'sign-up'])('is not revealed by the time of a %s', async (form) => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let n = 0; n < 5; n += 1)
      for (const kind of ['known', 'unknown'] as const) {
        const to = kind === 'known' ? email : unknown()
        const start = performance.now()
        await post(form, `10.2.0.${n}`, {
          ...(form === 'sign-up' ? { name: 'Someone' } : {}),
          email: to,
          password: 'a wrong password',
        })
        times[kind].push(performance.now() - start)
      }
    // hashing takes most of the time; without it one kind would be answered many times faster
    const ratio = median(times.known) / median(times.unknown)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })
})

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

/** Replaces the texts in a body that differ between accounts by their kind. */
function shape(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(shape)
  const object = z.record(z.string(), z.unknown()).safeParse(body)
  if (object.success)
    return Object.fromEntries(
      Object.entries(object.data).map(([key, value]) => [key, key === 'code' ? value : shape(value)]),
    )
  if (typeof body !== 'string') return body
  if (/^[0-9a-f-]{36}$/.test(body)) return 'an id'
  if (body.includes('@')) return 'an address'
  return Number.isNaN(Date.parse(body)) ? body : 'a time'
}
