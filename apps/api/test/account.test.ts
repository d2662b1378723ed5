import { limits } from '@vetcita/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const profiles = async (person: Person) => {
  const { rows } = await api.admin.query(
    'select tenant_id, full_name, phone from profiles where id = $1 order by tenant_id',
    [person.id],
  )
  return rows
}

describe('the account', () => {
  it('can be read and changed by its user, at each clinic where they are a client', async () => {
    const person = await api.owner('Old Name', 'adris', 'lisboa')
    expect(await person.at('adris').account.get.query()).toEqual({
      name: 'Old Name',
      email: person.email,
      emailVerified: false,
      phone: null,
      language: 'es',
    })
    const change = { name: ' Ana Núñez ', phone: '+595 981 555 000' }
    await person.at('lisboa').account.update.mutate({ ...change, language: 'en' })
    expect(await person.at('adris').account.get.query()).toMatchObject({
      name: 'Ana Núñez',
      phone: change.phone,
      language: 'en',
    })
    const written = { full_name: 'Ana Núñez', phone: change.phone }
    expect(await profiles(person)).toEqual([
      { tenant_id: 'adris', ...written },
      { tenant_id: 'lisboa', ...written },
    ])
    await person.at('adris').account.update.mutate({ name: 'Ana Núñez', phone: '' })
    expect((await person.at('lisboa').account.get.query()).phone).toBeNull()
  })

  it('does not rename the user where they are staff, or anyone else', async () => {
    const vet = await api.staff('Dra Rey', 'lisboa', 'vet')
    await vet.at('adris').clinic.join.mutate({})
    const other = await api.owner('Other', 'adris')
    await vet.at('adris').account.update.mutate({ name: 'Inés', phone: '' })
    expect(await profiles(vet)).toMatchObject([
      { tenant_id: 'adris', full_name: 'Inés' },
      { tenant_id: 'lisboa', full_name: 'Dra Rey' },
    ])
    expect(await profiles(other)).toMatchObject([{ full_name: 'Other' }])
  })

  it.each([
    ['no name', { name: '  ', phone: '' }],
    ['a name that is too long', { name: 'x'.repeat(limits.personName + 1), phone: '' }],
    ['a phone of two digits', { name: 'Ana', phone: '12' }],
    ['a name with NUL', { name: 'a\u0000b', phone: '' }],
  ])('refuses %s', async (_what, input) => {
    const person = await api.owner(`Refused ${_what}`, 'adris')
    expect(await refusalOf(person.at('adris').account.update.mutate(input))).toBe('BAD_REQUEST INVALID_INPUT')
  })

  it('joins another clinic without typing anything again', async () => {
    const person = await api.signUp('Traveller')
    await person.at('adris').clinic.join.mutate({ phone: '+595 981 123 456' })
    const again = visitor(api.url)
    await again.signIn(person.email)
    await again.at('lisboa').clinic.join.mutate({})
    const given = { full_name: 'Traveller', phone: '+595 981 123 456' }
    expect(await profiles(person)).toEqual([
      { tenant_id: 'adris', ...given },
      { tenant_id: 'lisboa', ...given },
    ])
  })
})

describe('sessions', () => {
  const phone =
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'

  const signInWith = async (email: string, userAgent: string) => {
    const device = visitor(api.url)
    await device.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent },
      body: JSON.stringify({ email, password: 'correct horse battery' }),
    })
    return device
  }

  it('are listed with their device, the current one first, and without tokens', async () => {
    const person = await api.signUp('Lists')
    await signInWith(person.email, phone)
    await signInWith(person.email, '')
    const sessions = await person.nowhere.account.sessions.query()
    expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([true, false, false])
    expect(sessions.find(({ browser }) => browser === 'Chrome')).toMatchObject({
      system: 'Android',
      isHandheld: true,
    })
    for (const { signedInAt } of sessions) {
      expect(Math.abs(Date.parse(signedInAt) - Date.now())).toBeLessThan(60_000)
    }
    const text = JSON.stringify(sessions)
    const { rows } = await api.admin.query('select token from login.session where user_id = $1', [person.id])
    for (const { token } of rows) expect(text).not.toContain(token)
    expect((await person.fetch('/api/auth/list-sessions')).status).toBe(404)
  })

  it('can be ended one by one or all but the current one, at once, and only one’s own', async () => {
    const person = await api.owner('Ends', 'adris')
    const stranger = await api.signUp('Ends Nothing')
    const devices = [await signInWith(person.email, phone), await signInWith(person.email, phone)]
    const signedIn = async () => {
      const answers = await Promise.all(
        [person, ...devices].map(async (device) => (await device.nowhere.session.me.query()).user !== null),
      )
      return answers.filter(Boolean).length
    }
    const [current, one] = await person.nowhere.account.sessions.query()
    const end = (who: Person, sessionId = '') => who.nowhere.account.endSession.mutate({ sessionId })
    expect(await end(stranger, one?.id)).toEqual({ ended: 0 })
    expect(await end(person, current?.id)).toEqual({ ended: 0 })
    expect(await signedIn()).toBe(3)
    expect(await end(person, one?.id)).toEqual({ ended: 1 })
    expect(await end(person, one?.id)).toEqual({ ended: 0 })
    expect(await signedIn()).toBe(2)
    expect(await person.nowhere.account.endOtherSessions.mutate()).toEqual({ ended: 1 })
    expect(await signedIn()).toBe(1)
    expect(await person.nowhere.session.me.query()).toMatchObject({ user: { id: person.id } })
  })
})
