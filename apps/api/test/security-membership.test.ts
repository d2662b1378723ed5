import { adris } from '@vetcita/testing/seeded-clinics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'

// What a user may do depends on their profile at the selected clinic at the time of the request.

let api: TestApi
let anonymous: Person
let owner: Person
let otherOwner: Person

beforeAll(async () => {
  api = await startApi()
  anonymous = visitor(api.url)
  owner = await api.owner('Owner', 'adris')
  otherOwner = await api.owner('Other', 'adris')
})
afterAll(() => api.stop())

describe('the selected clinic', () => {
  it('must be named, and must exist', async () => {
    expect(await refusalOf(anonymous.nowhere.clinic.get.query())).toBe('BAD_REQUEST CLINIC_MISSING')
    expect(await refusalOf(anonymous.at('nowhere').clinic.get.query())).toBe('NOT_FOUND CLINIC_NOT_FOUND')
    expect(await refusalOf(owner.at('nowhere').pets.list.query())).toBe('NOT_FOUND CLINIC_NOT_FOUND')
    expect(await refusalOf(owner.at("x'; --").pets.list.query())).toBe('BAD_REQUEST CLINIC_MISSING')
  })

  it('makes a user who joins it a client, and keeps its staff staff', async () => {
    const receptionist = await api.staff('Staff', 'adris')
    expect(await receptionist.at('adris').clinic.join.mutate({})).toMatchObject({
      role: 'receptionist',
      joined: false,
    })
    const adminElsewhere = await api.staff('Elsewhere', 'lisboa', 'admin')
    expect(await adminElsewhere.at('adris').clinic.join.mutate({})).toMatchObject({ role: 'owner' })
    expect(await adminElsewhere.at('adris').appointments.mine.query({ when: 'past' })).toBeDefined()
    expect(await refusalOf(adminElsewhere.at('adris').appointments.day.query({}))).toBe('FORBIDDEN NOT_STAFF')
  })

  it('grants nothing from the first request after a demotion', async () => {
    const demoted = await api.staff('Demoted', 'adris')
    await demoted.at('adris').appointments.day.query({})
    await api.admin.query(`update profiles set role = 'owner' where id = $1`, [demoted.id])
    expect(await refusalOf(demoted.at('adris').appointments.day.query({}))).toBe('FORBIDDEN NOT_STAFF')
    await api.admin.query('update profiles set deleted_at = now() where id = $1', [demoted.id])
    expect(await refusalOf(demoted.at('adris').pets.list.query())).toBe('FORBIDDEN NOT_A_MEMBER')
    expect(await refusalOf(demoted.at('adris').clinic.join.mutate({}))).toBe('FORBIDDEN FORBIDDEN')
  })

  it('is never taken from an input, nor are the user and the role', async () => {
    const items = [{ type: 'product' as const, id: adris.food, quantity: 9 }]
    const forged = { items, tenantId: 'lisboa', customerId: owner.id, role: 'admin', isStaff: true }
    const before = await owner.at('adris').store.cart.query()
    await otherOwner.at('adris').store.mergeCart.mutate(forged)
    expect(await owner.at('adris').store.cart.query()).toEqual(before)
  })
})

describe('a write from another site', () => {
  const params = `connectionParams=${encodeURIComponent('{"x-clinic":"adris"}')}`
  const write = (headers: Record<string, string>, query = '') =>
    owner.fetch(`/trpc/pets.create${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-clinic': 'adris', ...headers },
      body: JSON.stringify({ name: 'Forged', species: 'cat' }),
    })

  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://localhost:4000@evil.example',
    'file://',
  ])('is refused with the origin %s before it is parsed', async (origin) => {
    expect((await write({ origin })).status).toBe(403)
    const signOut = await owner.fetch('/api/auth/sign-out', { method: 'POST', headers: { origin } })
    expect(signOut.status).toBe(403)
  })

  it('is refused if a form can send it: by content type, with the clinic in the address, or by GET', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await write({ 'content-type': type })).status, type).toBe(415)
    const answer = await write({ 'x-clinic': '' }, `?${params}`)
    expect(await answer.json()).toMatchObject({ error: { data: { reason: 'CLINIC_MISSING' } } })
    const input = encodeURIComponent('{"name":"Forged","species":"cat"}')
    expect((await owner.fetch(`/trpc/pets.create?${params}&input=${input}`)).status).toBe(405)
  })

  it('writes nothing, and no header allows other sites to read answers', async () => {
    expect(await owner.at('adris').pets.list.query()).toEqual([])
    const answer = await owner.fetch('/trpc/session.me', { headers: { origin: 'https://evil.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })
})
