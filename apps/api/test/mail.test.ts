import { password } from '@vetcita/testing/browser'
import { adris } from '@vetcita/testing/seeded-clinics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startApi, type TestApi } from './support/api.ts'
import { type Person, visitor } from './support/person.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const post = (person: Person, path: string, body: unknown, headers: Record<string, string> = {}) =>
  person.fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-clinic': adris.id, ...headers },
    body: JSON.stringify(body),
  })

/** Returns the mails to one address, oldest first. */
const mailsTo = async (email: string, atLeast = 1) => {
  for (let expected = atLeast; ; expected += 1) {
    const mails = (await api.mails(expected)).filter(({ to }) => to === email)
    if (mails.length >= atLeast) return mails
  }
}

const isVerified = async (email: string) => {
  const { rows } = await api.admin.query('select email_verified from login."user" where email = $1', [email])
  return rows[0]?.email_verified
}

const me = async (person: Person) => (await person.nowhere.session.me.query()).user

describe('confirming an address', () => {
  it('is requested by a mail with a link to the clinic’s page, in the language of the request', async () => {
    const person = visitor(api.url)
    const account = { name: 'Inés <b>', email: 'ines@example.com', password }
    await post(person, 'sign-up/email', account)
    const [spanish] = await mailsTo(account.email)
    expect(spanish?.subject).toBe('Confirmá tu correo')
    expect(spanish?.link).toMatch(/^http:\/\/localhost:4000\/adris\/confirm-email#token=[\w.-]+$/)
    expect(spanish?.html).toContain('Inés &lt;b&gt;')
    expect(spanish?.html).toContain(`href="${spanish?.link}"`)

    await post(
      person,
      'sign-up/email',
      { ...account, email: 'agnes@example.com' },
      { 'accept-language': 'en' },
    )
    expect((await mailsTo('agnes@example.com'))[0]?.subject).toBe('Confirm your email')
    // from then on in the account's language, whatever the request's language is
    await post(person, 'request-password-reset', { email: 'agnes@example.com' })
    expect((await mailsTo('agnes@example.com', 2))[1]?.subject).toBe('Choose a new password')
  })

  it('works with the link, also a second time, and with nothing else', async () => {
    const person = await api.owner('Confirmer', 'adris')
    const [mail] = await mailsTo(person.email)
    expect(await me(person)).toMatchObject({ emailVerified: false })
    const confirm = (token = '') => person.fetch(`/api/auth/verify-email?token=${token}`)
    expect((await confirm(`${mail?.token.slice(0, -3)}abc`)).status).toBe(401)
    expect(await isVerified(person.email)).toBe(false)
    expect((await confirm(mail?.token)).status).toBe(200)
    expect((await confirm(mail?.token)).status).toBe(200)
    expect(await me(person)).toMatchObject({ emailVerified: true })
    expect((await post(person, 'send-verification-email', { email: person.email })).status).toBe(400)
  })

  it('is not required for a booking', async () => {
    const person = await api.owner('Unconfirmed', 'adris')
    const { pet } = z
      .object({ pet: z.object({ id: z.string() }) })
      .parse(await person.at('adris').pets.create.mutate({ name: 'Luna', species: 'cat' }))
    const booked = await person.at('adris').appointments.book.mutate({
      petId: pet.id,
      serviceId: adris.consultation,
      vetId: adris.vet,
      startTime: new Date(Math.ceil(Date.now() / 86_400_000 + 7) * 86_400_000 + 14 * 3_600_000).toISOString(),
      idempotencyKey: 'unconfirmed-person',
    })
    expect(booked).toMatchObject({ success: true })
  })
})

describe('whether an address is known', () => {
  const shape = async (response: Response) => ({
    status: response.status,
    cookies: response.headers.getSetCookie(),
    headers: [...response.headers.keys()].sort(),
    body: JSON.parse(await response.text(), (key, value) =>
      key === 'id' || /At$/.test(key) ? String(value).replace(/[0-9a-f]/g, 'x') : value,
    ),
  })

  it('is not revealed by a sign-up; the address receives a mail', async () => {
    const known = await api.signUp('Known')
    const attempt = (email: string, name = '  Someone ') =>
      post(visitor(api.url), 'sign-up/email', { name, email, password: 'another password' }).then(shape)
    const [first, second] = [await attempt(known.email), await attempt('know2@example.com')]
    expect(first.body.user.email).toBe(known.email)
    first.body.user.email = second.body.user.email
    expect(first).toEqual(second)
    expect(first).toMatchObject({ status: 200, cookies: [] })
    // invalid input is refused for both
    expect((await attempt(known.email, ' ')).status).toBe(400)
    expect((await attempt('know3@example.com', ' ')).status).toBe(400)

    const [, notice] = await mailsTo(known.email, 2)
    expect(notice?.subject).toBe('Ya tenés una cuenta')
    expect(notice?.link).toBe('http://localhost:4000/adris/forgot-password')
    expect((await visitor(api.url).signIn(known.email, 'another password')).status).toBe(401)
    expect((await visitor(api.url).signIn(known.email)).status).toBe(200)
  })

  it('is not revealed by a sign-in, a reset or a second confirmation', async () => {
    const known = await api.signUp('Quiet')
    const forms = {
      'sign-in/email': { password: 'wrong password' },
      'request-password-reset': {},
      'send-verification-email': {},
    }
    for (const [path, rest] of Object.entries(forms)) {
      const send = async (email: string) => shape(await post(visitor(api.url), path, { email, ...rest }))
      expect(await send(known.email), path).toEqual(await send('unknown@example.com'))
    }
  })

  it('limits the mails of a kind to one address, so that sign-ups by others use up no reset', async () => {
    const known = await api.signUp('Flooded')
    const person = visitor(api.url)
    const account = { name: 'Someone', email: known.email, password: 'another password' }
    for (let n = 0; n < 8; n += 1) expect((await post(person, 'sign-up/email', account)).status).toBe(200)
    const resets = await Promise.all(
      Array.from({ length: 9 }, () => post(person, 'request-password-reset', { email: known.email })),
    )
    expect(new Set(resets.map(({ status }) => status))).toEqual(new Set([200]))
    await mailsTo(known.email, 13)
    // but a changed password is always reported
    await known.fetch('/api/auth/change-password', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'en' },
      body: JSON.stringify({ currentPassword: password, newPassword: 'a better password' }),
    })
    const after = await api.signUp('After The Flood')
    await mailsTo(after.email)
    const subjects = (await mailsTo(known.email, 14)).map(({ subject }) => subject)
    const count = (subject: string) => subjects.filter((one) => one === subject).length
    expect(subjects).toHaveLength(14)
    expect(count('Ya tenés una cuenta')).toBe(6)
    expect(count('Elegí una contraseña nueva')).toBe(6)
    expect(subjects[13]).toBe('Tu contraseña cambió')
    // those links are dead, so new ones may be asked for
    await post(person, 'request-password-reset', { email: known.email })
    await mailsTo(known.email, 15)
  })
})

describe('a forgotten password', () => {
  it('is replaced once by the link; every session ends and older links no longer work', async () => {
    const person = await api.owner('Forgetful', 'adris')
    const elsewhere = visitor(api.url)
    await elsewhere.signIn(person.email)
    const stranger = visitor(api.url)
    await post(stranger, 'request-password-reset', { email: person.email })
    await post(stranger, 'request-password-reset', { email: person.email })
    const [, older, newer] = await mailsTo(person.email, 3)
    expect(older?.link).toMatch(/^http:\/\/localhost:4000\/adris\/reset-password#token=\w{24}$/)
    expect(older?.token).not.toBe(newer?.token)

    const reset = (token = '', newPassword = 'a better password') =>
      post(stranger, 'reset-password', { token, newPassword })
    expect((await reset(newer?.token, 'short')).status).toBe(400)
    expect((await reset('x'.repeat(24))).status).toBe(400)
    expect((await reset(newer?.token)).status).toBe(200)
    expect((await reset(newer?.token)).status).toBe(400)
    expect((await reset(older?.token)).status).toBe(400)
    expect(await me(person)).toBeNull()
    expect(await me(elsewhere)).toBeNull()
    expect((await stranger.signIn(person.email)).status).toBe(401)
    expect((await stranger.signIn(person.email, 'a better password')).status).toBe(200)
    // opening the link proves that the address is the user's
    expect(await isVerified(person.email)).toBe(true)
    expect((await mailsTo(person.email, 4))[3]?.subject).toBe('Tu contraseña cambió')
  })

  it('cannot be replaced after an hour', async () => {
    const person = await api.signUp('Late')
    await post(person, 'request-password-reset', { email: person.email })
    const [, mail] = await mailsTo(person.email, 2)
    await api.admin.query(
      `update login.verification set expires_at = now() - interval '1 second' where value = $1`,
      [person.id],
    )
    const late = await post(person, 'reset-password', {
      token: mail?.token,
      newPassword: 'a better password',
    })
    expect(late.status).toBe(400)
  })
})

describe('a changed password', () => {
  it('requires the old one, ends every other session, and is reported by mail', async () => {
    const person = await api.signUp('Careful')
    const thief = visitor(api.url)
    await thief.signIn(person.email)
    await post(thief, 'request-password-reset', { email: person.email })
    const [, link] = await mailsTo(person.email, 2)
    const change = (currentPassword: string) =>
      post(person, 'change-password', {
        currentPassword,
        newPassword: 'a better password',
      })
    expect((await change('wrong password')).status).toBe(400)
    expect(await me(thief)).not.toBeNull()
    const before = person.cookie
    expect((await change(password)).status).toBe(200)
    expect(await me(person)).toMatchObject({ id: person.id })
    expect(person.cookie).not.toBe(before)
    expect(await me(thief)).toBeNull()
    const reset = await post(thief, 'reset-password', {
      token: link?.token,
      newPassword: 'the thief’s password',
    })
    expect(reset.status).toBe(400)
    expect((await mailsTo(person.email, 3))[2]?.subject).toBe('Tu contraseña cambió')
  })
})
