import { startProcess } from '@vetcita/testing/api-process'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import type { FastifyServerOptions } from 'fastify'
import pino from 'pino'
import { expect, it } from 'vitest'
import { loggerOptions } from '../src/logger.ts'
import { visitor } from './support/person.ts'
import { requestText, sendRaw } from './support/raw-http.ts'

const secrets = {
  password: 'zz-password-of-maria',
  bearer: 'zz-bearer-of-someone',
  metrics: 'zz-token-for-metrics',
  reset: 'zz-token-of-a-reset',
  query: 'zz-token-in-a-query',
  claim: 'zz-token-of-a-clients-link-000000000000000000',
  invite: 'zz-token-of-an-invitation-0000000000000000000',
  database: 'zz-password-of-the-database',
  auth: 'zz-secret-that-signs-the-cookies-of-all',
}

it('a process at level trace logs no secret of sessions, passwords or its environment', async () => {
  const { scratch, admin, apiUrl } = await seededDatabase()
  const running = await startProcess({
    DATABASE_URL: apiUrl,
    AUTH_SECRET: secrets.auth,
    METRICS_TOKEN: secrets.metrics,
    LOG_LEVEL: 'trace',
    SIGN_IN_RATE_LIMIT: '1000',
    PUBLIC_URL: 'http://localhost:4000',
    // nothing listens there, so each mail fails and the failure is logged
    SMTP_URL: `smtp://maria:${secrets.database}@127.0.0.1:1`,
  })
  const { url } = running
  try {
    const maria = visitor(url)
    const form = (path: string, body: object) =>
      maria.fetch(`/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.bearer}` },
        body: JSON.stringify(body),
      })
    const account = { name: 'Maria', email: 'maria@example.com', password: secrets.password }
    const credentials = { email: account.email, password: account.password }
    await form('sign-up/email', account)
    await form('sign-in/email', credentials)
    await form('request-password-reset', { email: account.email })
    const cookie = /session_token=([^;]+)/.exec(maria.cookie)?.[1] ?? ''
    expect(cookie.length).toBeGreaterThan(40)
    const clinic = { 'x-clinic': 'adris' }
    const tried: number[] = []
    const everything = async () => {
      await form('sign-in/email', credentials)
      await form('reset-password', { newPassword: secrets.password, token: secrets.reset })
      await maria.fetch(`/api/auth/reset-password/${secrets.reset}?callbackURL=/x`, { redirect: 'manual' })
      await maria.fetch(`/api/auth/verify-email?token=${secrets.query}`, { redirect: 'manual' })
      await maria.fetch('/trpc/session.me')
      // invitation tokens are in the input of queries and mutations, and a query's input is in its address
      for (const [offer, take, token] of [
        ['clients.claimOffer', 'clients.claim', secrets.claim],
        ['settings.staff.offer', 'settings.staff.accept', secrets.invite],
      ] as const) {
        const read = await maria.fetch(`/trpc/${offer}?input=${JSON.stringify({ token })}`, {
          headers: clinic,
        })
        const accepted = await maria.fetch(`/trpc/${take}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...clinic },
          body: JSON.stringify({ token }),
        })
        tried.push(read.status, accepted.status)
      }
      await maria.fetch('/trpc/session.me?input={"token":', {
        headers: { authorization: `Basic ${secrets.bearer}` },
      })
      await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${secrets.metrics}` } })
      await sendRaw(url, requestText('GET', '//', [`cookie: ${maria.cookie}`]))
    }
    await everything()
    expect(running.log(), 'errors in the log of a healthy process').not.toMatch(/"level":(50|60).*request/)
    expect(tried, 'the links were read').toEqual([200, 200, 200, 200])
    // without a database every call fails, and each failure is logged
    await admin.end()
    await scratch.drop()
    await everything()
    const log = running.log()
    expect(log).toMatch(/"level":50/)
    for (const [name, secret] of Object.entries({
      ...secrets,
      cookie: decodeURIComponent(cookie),
      raw: cookie,
    }))
      expect(log.includes(secret), `${name} is in the log`).toBe(false)
    expect(log).not.toContain(
      new URL(apiUrl).password === '' ? 'no password' : `:${new URL(apiUrl).password}@`,
    )
  } finally {
    running.child.kill()
  }
})

it('an invalid environment is reported without its values', async () => {
  const started = startProcess({ DATABASE_URL: `mysql://x:${secrets.database}@127.0.0.1/x` })
  await expect(started).rejects.toThrow(/^The API ended/)
  await started.catch((error: Error) => expect(error.message).not.toContain(secrets.database))
})

it('a public address without https is warned about, and one with https but no proxy', async () => {
  const started = async (publicUrl: string, proxies: string) => {
    const running = await startProcess({
      DATABASE_URL: 'postgresql://x@127.0.0.1:1/x',
      PUBLIC_URL: publicUrl,
      TRUSTED_PROXIES: proxies,
    })
    running.child.kill()
    return running.log()
  }
  expect(await started('http://citas.example.com', '0')).toContain('PUBLIC_URL is not an https address')
  expect(await started('https://citas.example.com', '0')).toContain('TRUSTED_PROXIES is 0')
  expect(await started('https://citas.example.com', '1')).not.toMatch(/PUBLIC_URL|TRUSTED_PROXIES/)
})

it('a secret deep in an error or within a text is redacted, and the rest stays', () => {
  const lines: string[] = []
  const { stream: _stdout, ...options } = pinoOptions(loggerOptions({ LOG_LEVEL: 'trace' }))
  const log = pino(options, { write: (line: string) => lines.push(line) })
  const error = Object.assign(
    new Error(`connect postgresql://vetcita:${secrets.database}@db.example:5432/x failed`),
    {
      config: {
        headers: { Authorization: `Bearer ${secrets.bearer}`, 'set-cookie': [`a=${secrets.query}`] },
      },
      meta: { body: { newPassword: `${secrets.password}"\\`, email: 'maria@example.com' } },
    },
  )
  log.error(
    { err: error, req: { headers: { cookie: `vetcita.session_token=${secrets.reset}.abc` } } },
    'failed',
  )
  log.warn(
    { password: secrets.password, body: { token: secrets.reset } },
    `cookie vetcita.session_token=${secrets.reset}`,
  )
  const text = lines.join('')
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  expect(text).toContain('postgresql://vetcita:[redacted]@db.example:5432/x')
  expect(text).toContain('maria@example.com')
})

function pinoOptions(options: FastifyServerOptions['logger']) {
  if (typeof options !== 'object' || 'info' in options) throw new Error('The logger has no options')
  return options
}
