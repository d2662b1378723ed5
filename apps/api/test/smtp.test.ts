import { once } from 'node:events'
import type { ScratchDatabase } from '@vetcita/testing'
import { startProcess } from '@vetcita/testing/api-process'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import type pg from 'pg'
import { pino } from 'pino'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMailer } from '../src/mail/mailer.ts'
import { testEnv } from './support/api.ts'
import { type ReadMail, readMail } from './support/mails.ts'
import { visitor } from './support/person.ts'

type Post = { url: string; received: ReadMail[]; until(count: number): Promise<void>; close(): void }

let post: Post
afterEach(() => post.close())

/** Starts a mail server on this machine that admits one user and keeps the mails that it receives. */
async function mailServer(options: SMTPServerOptions = {}): Promise<Post> {
  const received: ReadMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'citas' && password === 'hunter2 ñ' ? done(null, { user: 1 }) : done(new Error('No')),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        received.push(readMail(Buffer.concat(chunks).toString()))
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  const socket = server.listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const address = socket.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://citas:hunter2%20%C3%B1@127.0.0.1:${port}`,
    received,
    until: async (count) => {
      const deadline = Date.now() + 20_000
      while (received.length < count && Date.now() < deadline) await new Promise((go) => setTimeout(go, 20))
      expect(received.length).toBeGreaterThanOrEqual(count)
    },
    close: () => server.close(() => undefined),
  }
}

describe('an API with a mail server', () => {
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

  it('sends confirmations and resets, logs no secret, and loses no mail on SIGTERM', async () => {
    post = await mailServer()
    const { child, url, log } = await startProcess({
      DATABASE_URL: apiUrl,
      SMTP_URL: post.url,
      MAIL_FROM: 'Vetcita <citas@example.com>',
      PUBLIC_URL: 'http://localhost:4000',
      LOG_LEVEL: 'trace',
      NODE_ENV: 'production',
    })
    const person = visitor(url)
    const send = (path: string, body: object) =>
      person.fetch(`/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-clinic': 'adris' },
        body: JSON.stringify(body),
      })
    await person.signUp({ name: 'Ñandú', email: 'post@example.com' })
    await post.until(1)
    await person.fetch(`/api/auth/verify-email?token=${post.received[0]?.token}`)
    await send('request-password-reset', { email: 'post@example.com' })
    await post.until(2)
    const reset = { token: post.received[1]?.token, newPassword: 'a better password' }
    expect((await send('reset-password', reset)).status).toBe(200)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])

    const [confirmation, link, changed] = post.received
    expect(confirmation).toMatchObject({ to: 'post@example.com', subject: 'Confirmá tu correo' })
    expect(confirmation?.text).toContain('Hola, Ñandú:')
    expect(link).toMatchObject({ subject: 'Elegí una contraseña nueva' })
    expect(changed).toMatchObject({ subject: 'Tu contraseña cambió' })
    for (const secret of [confirmation?.token, link?.token, 'hunter2', 'a better password']) {
      expect(secret).toBeTruthy()
      expect(log()).not.toContain(secret)
    }
  })
})

describe('the mailer', () => {
  const mail = {
    to: 'one@example.com',
    subject: 'Hola',
    text: 'Hola',
    html: '<p>Hola</p>',
    link: 'http://localhost/#token=very-secret',
  }

  function start(url: string, delays: readonly number[]) {
    let log = ''
    const logger = pino({ level: 'trace' }, { write: (line) => (log += line) })
    const mailer = createMailer(testEnv('postgresql://x@localhost/x', { SMTP_URL: url }), logger, delays)
    return { mailer, log: () => log }
  }

  it('retries if the server is busy', async () => {
    let refusals = 2
    post = await mailServer({
      onMailFrom: (_address, _session, done) => {
        refusals -= 1
        done(refusals >= 0 ? Object.assign(new Error('Busy, come back'), { responseCode: 451 }) : null)
      },
    })
    const { mailer, log } = start(post.url, [5, 5])
    mailer.send(mail)
    await post.until(1)
    await mailer.close()
    expect(post.received).toMatchObject([{ to: 'one@example.com', subject: 'Hola' }])
    expect(log().match(/retrying/g)).toHaveLength(2)
  })

  it('gives up in the end, logs that without the link, and never blocks the sender', async () => {
    post = await mailServer({ onAuth: (_auth, _session, done) => done(new Error('No')) })
    const { mailer, log } = start(post.url, [5])
    mailer.send(mail)
    await mailer.close()
    expect(post.received).toEqual([])
    expect(log()).toContain('mail could not be sent')
    expect(log()).not.toContain('very-secret')
    expect(log()).not.toContain('hunter2')
  })

  it('sends nothing to reserved domains', async () => {
    post = await mailServer()
    const { mailer } = start(post.url, [])
    mailer.send({ ...mail, to: 'ana@demo.vetcita.test' })
    mailer.send(mail)
    await mailer.close()
    expect(post.received.map(({ to }) => to)).toEqual(['one@example.com'])
  })
})
