import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { adris } from './support/clinics.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'
import { asuncion, day, newKey } from './support/times.ts'

let api: TestApi
let people: Record<'nobody' | 'stranger' | 'owner' | 'otherOwner' | 'staff' | 'otherClinicsStaff', Person>
let pet: string
let appointment: string

beforeAll(async () => {
  api = await startApi()
  people = {
    nobody: visitor(api.url),
    stranger: await api.signUp('Stranger'),
    owner: await api.owner('Owner', 'adris'),
    otherOwner: await api.owner('Other', 'adris'),
    staff: await api.staff('Staff', 'adris'),
    otherClinicsStaff: await api.staff('Elsewhere', 'lisboa', 'admin'),
  }
  const made = await people.owner.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.error)
  pet = made.pet.id
  const booked = await people.owner.at('adris').appointments.book.mutate({
    petId: pet,
    serviceId: adris.consultation,
    vetId: adris.vet,
    startTime: asuncion(3),
    idempotencyKey: newKey(),
  })
  if (!booked.success) throw new Error(booked.error)
  appointment = booked.appointmentId
})
afterAll(() => api.stop())

/** What each person gets: `ok`, a refusal's code, or an error's code with its reason. */
async function who(call: (person: Person) => Promise<unknown>): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const [name, person] of Object.entries(people)) {
    try {
      const value = await call(person)
      const refused = typeof value === 'object' && value !== null && 'error' in value
      seen[name] = refused ? String(value.error) : 'ok'
    } catch {
      seen[name] = await refusalOf(call(person))
    }
  }
  return seen
}

const membersOnly = {
  nobody: 'UNAUTHORIZED',
  stranger: 'FORBIDDEN NOT_A_MEMBER',
  otherClinicsStaff: 'FORBIDDEN NOT_A_MEMBER',
}
const everybody = {
  nobody: 'ok',
  stranger: 'ok',
  owner: 'ok',
  otherOwner: 'ok',
  staff: 'ok',
  otherClinicsStaff: 'ok',
}

describe('who can and who cannot', () => {
  it('clinic.list, clinic.get, slots.available, store.products, session.me: everybody', async () => {
    expect(await who((p) => p.nowhere.clinic.list.query())).toEqual(everybody)
    expect(await who((p) => p.at('adris').clinic.get.query())).toEqual(everybody)
    expect(await who((p) => p.at('adris').store.products.query())).toEqual(everybody)
    expect(await who((p) => p.nowhere.session.me.query())).toEqual(everybody)
    const search = { serviceId: adris.consultation, from: day(3), to: day(3) }
    expect(await who((p) => p.at('adris').slots.available.query(search))).toEqual(everybody)
  })

  it('slots.available for a move: who may see the appointment', async () => {
    const search = { appointmentId: appointment, from: day(3), to: day(3) }
    expect(await who((p) => p.at('adris').slots.available.query(search))).toEqual({
      nobody: 'UNAUTHORIZED',
      stranger: 'NOT_FOUND NOT_FOUND',
      owner: 'ok',
      otherOwner: 'NOT_FOUND NOT_FOUND',
      staff: 'ok',
      otherClinicsStaff: 'NOT_FOUND NOT_FOUND',
    })
  })

  it('appointments.book: for one’s own pet, or as staff', async () => {
    let days = 3
    const book = (p: Person) => {
      days += 1
      return p.at('adris').appointments.book.mutate({
        petId: pet,
        serviceId: adris.consultation,
        vetId: adris.vet,
        startTime: asuncion(days),
        idempotencyKey: newKey(),
      })
    }
    expect(await who(book)).toEqual({ ...membersOnly, owner: 'ok', otherOwner: 'PET_NOT_FOUND', staff: 'ok' })
  })

  it('appointments.reschedule and changeStatus: one’s own, or as staff', async () => {
    const move = { appointmentId: appointment, newStartTime: asuncion(3, '11:00') }
    const expected = { ...membersOnly, owner: 'ok', otherOwner: 'NOT_FOUND', staff: 'ok' }
    expect(await who((p) => p.at('adris').appointments.reschedule.mutate(move))).toEqual(expected)
    const cancel = { appointmentId: appointment, newStatus: 'cancelled' as const }
    expect(await who((p) => p.at('adris').appointments.changeStatus.mutate(cancel))).toEqual(expected)
  })

  it('appointments.mine, store.cart, pets.list: members, each their own', async () => {
    const members = { ...membersOnly, owner: 'ok', otherOwner: 'ok', staff: 'ok' }
    expect(await who((p) => p.at('adris').appointments.mine.query({ when: 'past' }))).toEqual(members)
    expect(await who((p) => p.at('adris').store.cart.query())).toEqual(members)
    expect(await who((p) => p.at('adris').pets.list.query())).toEqual(members)
    expect(await people.otherOwner.at('adris').pets.list.query()).toEqual([])
    const mine = await people.otherOwner.at('adris').appointments.mine.query({ when: 'upcoming' })
    expect(mine.items).toEqual([])
  })

  it('appointments.day: staff of that clinic', async () => {
    expect(await who((p) => p.at('adris').appointments.day.query({}))).toEqual({
      ...membersOnly,
      owner: 'FORBIDDEN NOT_STAFF',
      otherOwner: 'FORBIDDEN NOT_STAFF',
      staff: 'ok',
    })
  })

  it('store.mergeCart and store.setItem: members, into their own cart', async () => {
    const members = { ...membersOnly, owner: 'ok', otherOwner: 'ok', staff: 'ok' }
    const items = [{ type: 'product' as const, id: adris.food, quantity: 2 }]
    expect(await who((p) => p.at('adris').store.mergeCart.mutate({ items }))).toEqual(members)
    const toy = { type: 'product' as const, id: adris.toy, quantity: 1 }
    expect(await who((p) => p.at('adris').store.setItem.mutate(toy))).toEqual(members)
    expect(await people.owner.at('adris').store.cart.query()).toMatchObject({ itemCount: expect.any(Number) })
  })

  it('pets.update and pets.retire: one’s own alone', async () => {
    const expected = { ...membersOnly, owner: 'ok', otherOwner: 'PET_NOT_FOUND', staff: 'PET_NOT_FOUND' }
    expect(await who((p) => p.at('adris').pets.update.mutate({ petId: pet, name: 'Lunita' }))).toEqual(
      expected,
    )
    expect(await who((p) => p.at('adris').pets.retire.mutate({ petId: pet }))).toEqual(expected)
  })

  it('clinic.join: who is signed in, and staff stay staff', async () => {
    const join = (p: Person) => p.at('adris').clinic.join.mutate({})
    expect(await who(join)).toEqual({ ...everybody, nobody: 'UNAUTHORIZED' })
    expect(await join(people.staff)).toMatchObject({ role: 'receptionist', joined: false })
    expect(await people.otherClinicsStaff.at('adris').appointments.mine.query({ when: 'past' })).toBeDefined()
    expect(await refusalOf(people.otherClinicsStaff.at('adris').appointments.day.query({}))).toBe(
      'FORBIDDEN NOT_STAFF',
    )
  })
})

describe('the selected clinic', () => {
  it('must be named, and must exist', async () => {
    expect(await refusalOf(people.nobody.nowhere.clinic.get.query())).toBe('BAD_REQUEST CLINIC_MISSING')
    expect(await refusalOf(people.nobody.at('nowhere').clinic.get.query())).toBe('NOT_FOUND CLINIC_NOT_FOUND')
    expect(await refusalOf(people.owner.at('nowhere').pets.list.query())).toBe('NOT_FOUND CLINIC_NOT_FOUND')
    expect(await refusalOf(people.owner.at("x'; --").pets.list.query())).toBe('BAD_REQUEST CLINIC_MISSING')
  })

  it('grants nothing anymore from the request after a demotion on', async () => {
    const demoted = await api.staff('Demoted', 'adris')
    await demoted.at('adris').appointments.day.query({})
    await api.admin.query(`update profiles set role = 'owner' where id = $1`, [demoted.id])
    expect(await refusalOf(demoted.at('adris').appointments.day.query({}))).toBe('FORBIDDEN NOT_STAFF')
    await api.admin.query('update profiles set deleted_at = now() where id = $1', [demoted.id])
    expect(await refusalOf(demoted.at('adris').pets.list.query())).toBe('FORBIDDEN NOT_A_MEMBER')
    expect(await refusalOf(demoted.at('adris').clinic.join.mutate({}))).toBe('FORBIDDEN FORBIDDEN')
  })

  it('takes no tenant, user or role from an input', async () => {
    const items = [{ type: 'product' as const, id: adris.food, quantity: 9 }]
    const forged = { items, tenantId: 'lisboa', customerId: people.owner.id, role: 'admin', isStaff: true }
    const before = await people.owner.at('adris').store.cart.query()
    await people.otherOwner.at('adris').store.mergeCart.mutate(forged)
    expect(await people.owner.at('adris').store.cart.query()).toEqual(before)
  })
})
