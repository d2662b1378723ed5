import { password } from '@vetcita/testing/browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { refusalOf, visitor } from './support/person.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const json = { 'content-type': 'application/json', origin: 'http://localhost:4000' }
const account = (email: string, name = 'Someone') => JSON.stringify({ name, email, password })
const credentials = (email: string) => JSON.stringify({ email, password })

describe('sessions', () => {
  it('signs up, in and out; an ended session is refused', async () => {
    const person = await api.signUp('Maria')
    expect(await person.nowhere.session.me.query()).toMatchObject({
      user: { id: person.id, name: 'Maria', email: 'maria@example.com' },
      clinics: [],
    })
    const stolen = person.cookie
    expect((await person.signOut()).status).toBe(200)
    expect(await person.nowhere.session.me.query()).toEqual({ user: null, clinics: [] })
    const replayed = await fetch(`${api.url}/trpc/session.me`, { headers: { cookie: stolen } })
    expect(await replayed.json()).toMatchObject({ result: { data: { user: null } } })

    expect((await person.signIn('MARIA@example.com')).status).toBe(200)
    expect(await person.nowhere.session.me.query()).toMatchObject({ user: { id: person.id } })
  })

  it('makes ids that profiles can use, and joins a clinic under the account’s name', async () => {
    const person = await api.owner('Second Clinic', 'adris', 'lisboa')
    const { rows } = await api.admin.query(
      'select tenant_id, role, full_name, email from profiles where id = $1 order by 1',
      [person.id],
    )
    const profile = { role: 'owner', full_name: 'Second Clinic', email: person.email }
    expect(rows).toEqual([
      { tenant_id: 'adris', ...profile },
      { tenant_id: 'lisboa', ...profile },
    ])
    expect(await person.at('adris').clinic.join.mutate({ fullName: 'Again' })).toMatchObject({
      joined: false,
    })
    const me = await person.nowhere.session.me.query()
    expect(me.clinics.map((clinic) => [clinic.id, clinic.role])).toEqual([
      ['adris', 'owner'],
      ['lisboa', 'owner'],
    ])
  })

  it('sets a cookie that scripts cannot read and other sites’ forms do not send', async () => {
    const response = await visitor(api.url).signUp({ name: 'Cookie', email: 'cookie@example.com' })
    const [cookie = ''] = response.headers.getSetCookie().filter((line) => line.includes('session_token'))
    expect(cookie).toMatch(/^vetcita\.session_token=/)
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).toMatch(/Path=\//)
    expect(cookie).not.toMatch(/Secure/i)
  })

  it('makes every cookie Secure if the public address is https', async () => {
    const secure = await startApi({ PUBLIC_URL: 'https://citas.example.com', SIGN_IN_RATE_LIMIT: '100' })
    const send = (path: string, body: string) =>
      fetch(`${secure.url}/api/auth/${path}`, {
        method: 'POST',
        headers: { ...json, origin: 'https://citas.example.com' },
        body,
      })
    await send('sign-up/email', account('secure@example.com'))
    const response = await send('sign-in/email', credentials('secure@example.com'))
    const cookies = response.headers.getSetCookie()
    await secure.stop()
    expect(response.status).toBe(200)
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies)
      expect(cookie).toMatch(
        /^__Secure-vetcita\.(session_token|known-\w+)=[^;]+; .*HttpOnly; Secure; SameSite=Lax$/i,
      )
  })

  it('treats a forged, a truncated and an empty cookie as no session', async () => {
    const person = await api.signUp('Forger')
    for (const cookie of [
      person.cookie.slice(0, -4),
      'vetcita.session_token=x.y',
      'vetcita.session_token=',
    ]) {
      const response = await fetch(`${api.url}/trpc/session.me`, { headers: { cookie } })
      expect(await response.json()).toMatchObject({ result: { data: { user: null } } })
    }
  })

  it('refuses a session that has expired', async () => {
    const person = await api.signUp('Expired')
    await api.admin.query(
      `update login.session set expires_at = now() - interval '1 second' where user_id = $1`,
      [person.id],
    )
    expect(await refusalOf(person.at('adris').pets.list.query())).toBe('UNAUTHORIZED')
  })

  it('stores no password in plain text', async () => {
    await api.signUp('Hashed')
    const { rows } = await api.admin.query<{ password: string }>('select password from login.account')
    for (const row of rows) expect(row.password).not.toContain(password)
  })
})

describe('what is refused', () => {
  const signUp = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/api/auth/sign-up/email`, { method: 'POST', headers: { ...json, ...headers }, body })

  it('a wrong password, an unknown address', async () => {
    const person = await api.signUp('Taken')
    expect((await person.signIn(person.email, 'wrong password')).status).toBe(401)
    expect((await person.signIn('unknown@example.com')).status).toBe(401)
  })

  it.each([
    ['malformed JSON', '{"email":'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['no address', JSON.stringify({ name: 'x', email: 'x', password })],
    ['a short password', JSON.stringify({ name: 'x', email: 'short@example.com', password: 'short' })],
    [
      'a password that is too long',
      JSON.stringify({ name: 'x', email: 'long@example.com', password: 'x'.repeat(1000) }),
    ],
    ['a name that is too long', account('name@example.com', 'x'.repeat(201))],
    ['an empty name', account('empty@example.com', '  ')],
    ['a name with NUL', account('nul@example.com', 'a\u0000b')],
    ['an address with a quote and NUL', account("o'hara\u0000@example.com")],
    ['numbers', JSON.stringify({ name: 1, email: 2, password: 3 })],
    ['a picture', JSON.stringify({ name: 'x', email: 'image@example.com', password, image: 'x' })],
    ['an address that no profile could have', account(`${'x'.repeat(320)}@example.com`)],
  ])('%s: 4xx, and no account is created', async (_name, body) => {
    const count = async () => (await api.admin.query('select from login."user"')).rowCount
    const before = await count()
    const response = await signUp(body)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await response.text()).not.toMatch(/ at .*\.[mt]s|prisma|select /i)
    expect(await count()).toBe(before)
  })

  it('a request from another site', async () => {
    const foreign = { origin: 'https://evil.example' }
    expect((await signUp(account('evil@example.com'), foreign)).status).toBe(403)
    const person = await api.signUp('Victim')
    const response = await person.fetch('/trpc/clinic.join', {
      method: 'POST',
      headers: { ...json, ...foreign, 'x-clinic': 'adris' },
      body: '{}',
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: { data: { code: 'FORBIDDEN', reason: 'FORBIDDEN' } },
    })
  })

  it('a body of 10 MB', async () => {
    const response = await signUp('x'.repeat(10 * 1024 * 1024)).catch((error: unknown) => error)
    // the connection may be cut before the client has read the answer
    if (response instanceof Response) expect(response.status).toBe(413)
  })
})

describe('rate limits', () => {
  it('count sign-ins per address in the database, so that a restart resets nothing', async () => {
    const limited = await startApi({ SIGN_IN_RATE_LIMIT: '3' })
    const attempt = () => visitor(limited.url).signIn('unknown@example.com')
    const statuses = []
    for (let n = 0; n < 5; n += 1) statuses.push((await attempt()).status)
    const { rows } = await limited.admin.query(
      `select key, count from login.rate_limit where key like '127%'`,
    )
    await limited.stop()
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect(rows).toEqual([{ key: '127.0.0.1|/sign-in/email', count: 3 }])
  })

  it('cannot be evaded by naming another address', async () => {
    const limited = await startApi({ SIGN_IN_RATE_LIMIT: '2' })
    const statuses = []
    for (let n = 0; n < 4; n += 1) {
      const response = await fetch(`${limited.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { ...json, 'x-forwarded-for': `10.0.0.${n}`, 'x-vetcita-client-address': `10.0.0.${n}` },
        body: credentials('unknown@example.com'),
      })
      statuses.push(response.status)
    }
    await limited.stop()
    expect(statuses).toEqual([401, 401, 429, 429])
  })

  it('limit the requests of each address', async () => {
    const limited = await startApi({ RATE_LIMIT: '5' })
    const statuses = []
    for (let n = 0; n < 7; n += 1) statuses.push((await fetch(`${limited.url}/trpc/session.me`)).status)
    const last = await fetch(`${limited.url}/trpc/session.me`)
    const healthy = await fetch(`${limited.url}/healthz`)
    await limited.stop()
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(await last.json()).toMatchObject({
      error: { data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429 } },
    })
    expect(healthy.status).toBe(200)
  })
})
