import { createDatabase } from '@vetcita/db'
import { password } from '@vetcita/testing/browser'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { authPath, createAuth } from '../src/auth/auth.ts'
import { authRoutes } from '../src/auth/routes.ts'
import { createMailer } from '../src/mail/mailer.ts'
import { startApi, type TestApi, testEnv } from './support/api.ts'
import { type Person, visitor } from './support/person.ts'

// The session library registers some thirty routes. What the apps do not call cannot be reached, and what they call gives
// no token to a script.

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const endpoint = z.object({
  path: z.string(),
  options: z.object({ method: z.union([z.string(), z.array(z.string())]) }),
})

/** Every route that the session library would serve, as `POST /sign-in/email`. */
async function registered(): Promise<string[]> {
  const env = testEnv('postgresql://vetcita_api:x@127.0.0.1:1/none')
  const log = pino({ level: 'silent' })
  const db = createDatabase(env.DATABASE_URL)
  const mailer = createMailer(env, log)
  const auth = createAuth(db, env, mailer, log)
  const routes = Object.values(auth.api).flatMap((one) => {
    const { success, data } = endpoint.safeParse({ ...one })
    return success ? [data.options.method].flat().map((method) => `${method} ${data.path}`) : []
  })
  await mailer.close()
  await db.$disconnect()
  return routes
}

const allowed = authRoutes.map(({ method, path }) => `${method} ${path}`)

function call(person: Person, route: string, body: object = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  return person.fetch(`${authPath}${path.replaceAll(/:\w+/g, 'x')}`, {
    method,
    redirect: 'manual',
    ...(method === 'GET'
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
}

describe('the routes of the session library', () => {
  it('are 404 unless an app calls them', async () => {
    const routes = await registered()
    for (const route of [
      'POST /link-social',
      'POST /verify-password',
      'POST /update-user',
      'GET /get-session',
    ])
      expect(routes).toContain(route)
    expect(routes).toEqual(expect.arrayContaining(allowed))
    const person = await api.signUp('Rita Routes')
    for (const route of routes) {
      if (allowed.includes(route)) continue
      const { status } = await call(person, route, { password, newPassword: password, image: 'x' })
      expect(status, route).toBe(404)
    }
    // nor by another spelling of an address
    for (const path of ['/get-session/', '//get-session', '/sign-out/../get-session', '/%67et-session'])
      expect((await person.fetch(`${authPath}${path}`)).status, path).toBe(404)
  })

  it('cannot be told a picture, or any other field that no app sends', async () => {
    const account = { name: 'Picture', email: 'picture@example.com', password }
    const stranger = visitor(api.url)
    expect((await call(stranger, 'POST /sign-up/email', { ...account, image: 'x' })).status).toBe(400)
    expect((await call(stranger, 'POST /sign-up/email', { ...account, callbackURL: '/x' })).status).toBe(400)
    const { rowCount } = await api.admin.query('select from login."user" where email = $1', [account.email])
    expect(rowCount).toBe(0)
    await expect(api.admin.query(`update login."user" set image = 'x'`)).rejects.toMatchObject({
      code: '23514',
    })
  })

  it.each(authRoutes.filter(({ method }) => method === 'POST'))(
    'refuse more than 4 kB: $path',
    async ({ path }) => {
      const person = visitor(api.url)
      expect((await call(person, `POST ${path}`, { email: 'x'.repeat(5000) })).status).toBe(413)
    },
  )

  it('keep no more of a User-Agent than a device list needs', async () => {
    const person = visitor(api.url)
    await api.signUp('Agent')
    await person.fetch(`${authPath}/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'x'.repeat(8000) },
      body: JSON.stringify({ email: 'agent@example.com', password }),
    })
    const { rows } = await api.admin.query('select max(length(user_agent)) as longest from login.session')
    expect(rows).toEqual([{ longest: 400 }])
  })
})

describe('the session’s token', () => {
  it('is in the cookie and in no body', async () => {
    const person = visitor(api.url)
    const email = 'token@example.com'
    const bodies: Record<string, object> = {
      'POST /sign-up/email': { name: 'Token', email, password },
      'POST /sign-in/email': { email, password },
      'POST /change-password': { currentPassword: password, newPassword: 'a better password' },
      'POST /request-password-reset': { email },
      'POST /reset-password': { token: 'x'.repeat(24), newPassword: password },
      'POST /send-verification-email': { email },
      'GET /verify-email': {},
      'POST /sign-out': {},
    }
    expect(Object.keys(bodies).toSorted()).toEqual(allowed.toSorted())
    const tokens = new Set<string>()
    const answers = new Map<string, string>()
    for (const [route, body] of Object.entries(bodies)) {
      const response = await call(person, route, body)
      answers.set(route, `${response.status} ${await response.text()}`)
      const { rows } = await api.admin.query<{ token: string }>('select token from login.session')
      for (const { token } of rows) tokens.add(token)
    }
    expect(answers.get('POST /sign-in/email')).toMatch(/^200 .*token@example\.com/)
    expect(answers.get('POST /change-password')).toMatch(/^200 /)
    expect(tokens.size).toBeGreaterThanOrEqual(2)
    for (const [route, answer] of answers)
      for (const token of tokens) expect(answer, route).not.toContain(token)
  })
})
