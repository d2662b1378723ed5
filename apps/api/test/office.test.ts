import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { adris, lisboa } from './support/clinics.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'
import { asuncion, day, newKey } from './support/times.ts'

let api: TestApi
let desk: Person
let admin: Person
let owner: Person
let elsewhere: Person

beforeAll(async () => {
  api = await startApi()
  desk = await api.staff('Rita Desk', 'adris')
  admin = await api.staff('Alma Admin', 'adris', 'admin')
  owner = await api.owner('Olga Owner', 'adris')
  elsewhere = await api.staff('Elsa Elsewhere', 'lisboa', 'admin')
})
afterAll(() => api.stop())

const clients = (person = desk) => person.at('adris').clients
const settings = (person = admin) => person.at('adris').settings
const inventory = (person = desk) => person.at('adris').inventory

async function walkIn(fullName: string, pet = 'Toby') {
  const { client } = await clients().create.mutate({
    fullName,
    phone: '0981 555 666',
    pet: { name: pet, species: 'dog' },
  })
  const [made] = client.pets
  if (made === undefined) throw new Error('no pet')
  return { ...client, pet: made.id }
}

async function book(pet: string, startTime: string, vetId = adris.vet) {
  const booked = await desk.at('adris').appointments.book.mutate({
    petId: pet,
    serviceId: adris.consultation,
    vetId,
    startTime,
    idempotencyKey: newKey(),
  })
  if (!booked.success) throw new Error(booked.error)
  return booked.appointmentId
}

describe('who may', () => {
  it('clients and products are the staff’s, settings and staff the admins’', async () => {
    const staffs = [
      (p: Person) => clients(p).search.query({}),
      (p: Person) => clients(p).get.query({ clientId: owner.id }),
      (p: Person) => clients(p).create.mutate({ fullName: 'X' }),
      (p: Person) => clients(p).update.mutate({ clientId: owner.id, fullName: 'X' }),
      (p: Person) => clients(p).addPet.mutate({ clientId: owner.id, name: 'X', species: 'dog' }),
      (p: Person) => clients(p).updatePet.mutate({ petId: owner.id, name: 'X' }),
      (p: Person) => clients(p).retirePet.mutate({ petId: owner.id }),
      (p: Person) => clients(p).invite.mutate({ clientId: owner.id }),
      (p: Person) => inventory(p).list.query(),
      (p: Person) => inventory(p).save.mutate({ name: 'X', price: 1, stock: 1, isActive: true }),
      (p: Person) => inventory(p).stepStock.mutate({ productId: adris.food, by: 1 }),
      (p: Person) => inventory(p).remove.mutate({ productId: adris.food }),
    ]
    const rules = { name: 'X', timeZone: 'UTC', changeNoticeMinutes: 0 }
    const service = { name: 'X', durationMinutes: 30, bufferMinutes: 0, price: 1, isActive: true }
    const off = { vetId: adris.vet, startDate: day(9), startTime: '10:00', endDate: day(9), endTime: '11:00' }
    const admins = [
      (p: Person) => settings(p).services.query(),
      (p: Person) => settings(p).saveService.mutate(service),
      (p: Person) => settings(p).hours.query(),
      (p: Person) => settings(p).setHours.mutate({ vetId: adris.vet, hours: [] }),
      (p: Person) => settings(p).timeOff.query(),
      (p: Person) => settings(p).addTimeOff.mutate(off),
      (p: Person) => settings(p).removeTimeOff.mutate({ timeOffId: owner.id }),
      (p: Person) => settings(p).rules.query(),
      (p: Person) => settings(p).saveRules.mutate(rules),
      (p: Person) => settings(p).staff.list.query(),
      (p: Person) => settings(p).staff.invite.mutate({ role: 'admin' }),
      (p: Person) => settings(p).staff.revoke.mutate({ inviteId: owner.id }),
      (p: Person) => settings(p).staff.setRole.mutate({ profileId: adris.vet, role: 'owner' }),
      (p: Person) => settings(p).staff.upcoming.query({ profileId: adris.vet }),
    ]
    const before = await api.rowCounts()
    for (const call of [...staffs, ...admins]) {
      expect(await refusalOf(call(visitor(api.url)))).toBe('UNAUTHORIZED')
      expect(await refusalOf(call(owner))).toBe('FORBIDDEN NOT_STAFF')
      expect(await refusalOf(call(elsewhere))).toBe('FORBIDDEN NOT_A_MEMBER')
    }
    for (const call of admins) expect(await refusalOf(call(desk))).toBe('FORBIDDEN NOT_ADMIN')
    expect(await api.rowCounts()).toEqual(before)
  })
})

describe('clients', () => {
  it('are made with a pet, found while somebody types, edited, and their visits listed', async () => {
    const made = await walkIn('Íñigo Pérez', 'Ñoqui')
    for (const text of ['inigo', 'per', 'ñoq', '555 666', '981555'])
      expect((await clients().search.query({ text })).clients.map(({ id }) => id)).toContain(made.id)
    const found = await clients(elsewhere)
      .search.query({ text: 'inigo' })
      .catch(() => null)
    expect(found).toBeNull()
    expect((await elsewhere.at('lisboa').clients.search.query({ text: 'inigo' })).clients).toEqual([])

    const changed = await clients().update.mutate({ clientId: made.id, fullName: 'Íñigo P.', phone: null })
    expect(changed).toMatchObject({ client: { fullName: 'Íñigo P.', phone: null, hasAccount: false } })
    await clients().updatePet.mutate({ petId: made.pet, species: 'cat' })
    const added = await clients().addPet.mutate({ clientId: made.id, name: 'Lola', species: 'cat' })
    if (!added.success) throw new Error(added.error)
    await clients().retirePet.mutate({ petId: added.pet.id })
    await book(made.pet, asuncion(12))
    const cancelled = await book(made.pet, asuncion(12, '11:00'))
    await desk
      .at('adris')
      .appointments.changeStatus.mutate({ appointmentId: cancelled, newStatus: 'cancelled' })
    const got = await clients().get.query({ clientId: made.id })
    expect(got).toMatchObject({
      success: true,
      client: {
        pets: [{ name: 'Ñoqui', species: 'cat' }],
        upcoming: [{ localDate: day(12), localTime: '10:00', vet: { fullName: 'Ana Vet' } }],
        past: [{ id: cancelled, status: 'cancelled', localTime: '11:00' }],
        link: null,
      },
    })
    expect(await clients().get.query({ clientId: owner.id })).toMatchObject({ client: { hasAccount: true } })
    expect(await clients().get.query({ clientId: elsewhere.id })).toMatchObject({ error: 'CLIENT_NOT_FOUND' })
    const page = await clients().search.query({ limit: 1 })
    expect([page.clients.length, page.hasMore]).toEqual([1, true])
  })

  it('become who opens their link: once, with their pets and appointments', async () => {
    const made = await walkIn('Walter Walkin')
    await book(made.pet, asuncion(13))
    const link = await clients().invite.mutate({ clientId: made.id })
    if (!link.success) throw new Error(link.error)
    expect(await clients().get.query({ clientId: made.id })).toMatchObject({
      client: { link: { expiresAt: expect.stringMatching(/-03:00$/) } },
    })
    const walter = await api.signUp('Walter Himself')
    expect(await clients(walter).claimOffer.query({ token: link.token })).toEqual({
      success: true,
      clientName: 'Walter Walkin',
      pets: ['Toby'],
      yours: false,
    })
    expect(await clients(walter).claim.mutate({ token: link.token })).toMatchObject({
      success: true,
      pets: 1,
      appointments: 1,
      replayed: false,
    })
    expect(await walter.at('adris').pets.list.query()).toMatchObject([{ id: made.pet }])
    const mine = await walter.at('adris').appointments.mine.query({ when: 'upcoming' })
    expect(mine.items).toMatchObject([{ pet: { name: 'Toby' } }])
    expect(await clients(walter).claim.mutate({ token: link.token })).toMatchObject({ replayed: true })
    expect(await clients(owner).claim.mutate({ token: link.token })).toMatchObject({ error: 'LINK_USED' })
    expect(await clients(owner).claimOffer.query({ token: 'x' })).toMatchObject({ error: 'LINK_INVALID' })
    expect(await clients().invite.mutate({ clientId: walter.id })).toMatchObject({ error: 'HAS_ACCOUNT' })
    expect(await clients().get.query({ clientId: made.id })).toMatchObject({ error: 'CLIENT_NOT_FOUND' })
    expect(await refusalOf(clients(visitor(api.url)).claim.mutate({ token: link.token }))).toBe(
      'UNAUTHORIZED',
    )
  })
})

describe('settings', () => {
  it('a service’s length and price, an inactive one, an unknown one', async () => {
    const service = {
      name: 'Ecografía',
      durationMinutes: 40,
      bufferMinutes: 10,
      price: 250_000.5,
      isActive: true,
    }
    const made = await settings().saveService.mutate(service)
    if (!made.success) throw new Error(made.error)
    const off = await settings().saveService.mutate({
      ...service,
      serviceId: made.service.id,
      isActive: false,
    })
    expect(off).toEqual({ success: true, service: { ...service, id: made.service.id, isActive: false } })
    expect(await settings().services.query()).toContainEqual(off.success ? off.service : null)
    const shown = await visitor(api.url).at('adris').clinic.get.query()
    expect(shown.services.map(({ name }) => name)).not.toContain('Ecografía')
    const theirs = { ...service, serviceId: lisboa.consultation }
    expect(await settings().saveService.mutate(theirs)).toMatchObject({ error: 'SERVICE_NOT_FOUND' })
  })

  it('hours changed, slots changed', async () => {
    const slots = async () => {
      const search = { serviceId: adris.consultation, vetId: adris.otherVet, from: day(20), to: day(20) }
      const found = await visitor(api.url)
        .at('adris')
        .slots.available.query({ ...search, stepMinutes: 30 })
      return found.slots.map(({ localTime }) => localTime)
    }
    expect(await slots()).toContain('08:00')
    const hours = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
      { weekday, opens: '09:00', closes: '10:00' },
      { weekday, opens: '15:00', closes: '16:00' },
    ])
    expect(await settings().setHours.mutate({ vetId: adris.otherVet, hours })).toMatchObject({ hours: 14 })
    expect(await slots()).toEqual(['09:00', '09:30', '15:00', '15:30'])
    const weeks = await settings().hours.query()
    expect(weeks.find(({ id }) => id === adris.otherVet)?.hours).toEqual(hours)
    const overlapping = [...hours, { weekday: 1, opens: '09:30', closes: '11:00' }]
    expect(await settings().setHours.mutate({ vetId: adris.otherVet, hours: overlapping })).toMatchObject({
      error: 'INVALID_HOURS',
    })
    expect(await settings().setHours.mutate({ vetId: desk.id, hours })).toMatchObject({
      error: 'VET_NOT_FOUND',
    })
  })

  it('time off lists the appointments inside it, and owners book around it', async () => {
    const made = await walkIn('Inés Inside')
    const inside = await book(made.pet, asuncion(25))
    await book(made.pet, asuncion(25, '16:00'))
    const added = await settings().addTimeOff.mutate({
      vetId: adris.vet,
      startDate: day(25),
      startTime: '08:00',
      endDate: day(25),
      endTime: '12:00',
      reason: 'Congreso',
    })
    expect(added).toMatchObject({
      success: true,
      timeOff: { localStartTime: '08:00', reason: 'Congreso', appointments: [{ id: inside }] },
    })
    const blocked = await desk.at('adris').appointments.book.mutate({
      petId: made.pet,
      serviceId: adris.consultation,
      vetId: adris.vet,
      startTime: asuncion(25, '11:00'),
      idempotencyKey: newKey(),
    })
    expect(blocked).toMatchObject({ error: 'VET_AWAY' })
    const { timeOff } = await settings().timeOff.query()
    expect(timeOff).toMatchObject([{ vet: { fullName: 'Ana Vet' }, appointments: [{ id: inside }] }])
    await settings().removeTimeOff.mutate({ timeOffId: timeOff[0]?.id ?? '' })
    expect(await settings().timeOff.query()).toEqual({ timeOff: [] })
    expect(
      await settings().addTimeOff.mutate({
        vetId: lisboa.vet,
        startDate: day(25),
        startTime: '08:00',
        endDate: day(26),
        endTime: '00:00',
      }),
    ).toMatchObject({ error: 'VET_NOT_FOUND' })
  })

  it('the notice and the time zone; an unknown zone changes nothing', async () => {
    const rules = await settings().rules.query()
    expect(rules).toMatchObject({ timeZone: 'America/Asuncion', changeNoticeMinutes: 0 })
    expect(rules.timeZones).toContain('America/New_York')
    const changed = { name: rules.name, timeZone: rules.timeZone, changeNoticeMinutes: 120 }
    expect(await settings().saveRules.mutate(changed)).toEqual({ success: true })
    expect(await settings().saveRules.mutate({ ...changed, timeZone: 'Mars/Olympus' })).toMatchObject({
      error: 'UNKNOWN_TIME_ZONE',
    })
    expect(await settings().rules.query()).toMatchObject({ ...changed })
    await settings().saveRules.mutate({ ...changed, changeNoticeMinutes: 0 })
  })
})

describe('staff', () => {
  it('are invited, accept, and lose their rights with the next request of a session that stays open', async () => {
    const staff = settings().staff
    const invite = await staff.invite.mutate({ role: 'receptionist', label: 'Nora' })
    if (!invite.success) throw new Error(invite.error)
    expect((await staff.list.query()).invites).toMatchObject([
      { label: 'Nora', role: 'receptionist', createdBy: 'Alma Admin', expired: false },
    ])
    const nora = await api.signUp('Nora Nueva')
    expect(await settings(nora).staff.offer.query({ token: invite.token })).toMatchObject({
      role: 'receptionist',
      clinicName: 'Clínica adris',
    })
    expect(await settings(nora).staff.accept.mutate({ token: invite.token })).toMatchObject({
      success: true,
      role: 'receptionist',
    })
    expect(await settings(desk).staff.accept.mutate({ token: invite.token })).toMatchObject({
      error: 'LINK_USED',
    })
    await nora.at('adris').appointments.day.query({})
    const { members, invites } = await staff.list.query()
    expect(invites).toEqual([])
    expect(members.map(({ fullName }) => fullName)).toContain('Nora Nueva')

    expect(await staff.setRole.mutate({ profileId: nora.id, role: 'owner' })).toMatchObject({
      success: true,
      oldRole: 'receptionist',
    })
    expect(await refusalOf(nora.at('adris').appointments.day.query({}))).toBe('FORBIDDEN NOT_STAFF')
    expect(await refusalOf(clients(nora).search.query({}))).toBe('FORBIDDEN NOT_STAFF')
    expect(await nora.at('adris').pets.list.query()).toEqual([])
  })

  it('a vet with appointments to come is listed with them before they go; the last admin stays', async () => {
    const staff = settings().staff
    const made = await walkIn('Vera Visitor')
    const id = await book(made.pet, asuncion(30), adris.otherVet)
    expect(await staff.setRole.mutate({ profileId: adris.otherVet, role: 'receptionist' })).toMatchObject({
      error: 'HAS_APPOINTMENTS',
      appointments: 1,
      appointmentIds: [id],
    })
    expect(await staff.upcoming.query({ profileId: adris.otherVet })).toMatchObject([
      { id, localDate: day(30), pet: { name: 'Toby' } },
    ])
    const now = { profileId: adris.otherVet, role: 'receptionist' as const, keepAppointments: true }
    expect(await staff.setRole.mutate(now)).toMatchObject({ success: true, appointments: 1 })
    expect(await staff.setRole.mutate({ profileId: admin.id, role: 'vet' })).toMatchObject({
      error: 'LAST_ADMIN',
    })
    expect(await staff.setRole.mutate({ profileId: owner.id, role: 'vet' })).toMatchObject({
      error: 'STAFF_NOT_FOUND',
    })
    const invite = await staff.invite.mutate({ role: 'vet' })
    if (!invite.success) throw new Error(invite.error)
    expect(await staff.revoke.mutate({ inviteId: invite.inviteId })).toMatchObject({ success: true })
    expect(await settings(owner).staff.accept.mutate({ token: invite.token })).toMatchObject({
      error: 'LINK_INVALID',
    })
  })
})

describe('inventory', () => {
  it('price, stock, category and whether it is on sale; two who count at once are both counted', async () => {
    const made = await inventory().save.mutate({
      name: 'Correa',
      category: 'Paseo',
      price: 45_000,
      stock: 2,
      isActive: true,
    })
    if (!made.success) throw new Error(made.error)
    const productId = made.product.id
    expect(made.product).toMatchObject({ category: 'Paseo', description: null, price: 45_000 })
    await Promise.all([1, 2, 3].map(() => inventory().stepStock.mutate({ productId, by: 5 })))
    expect(await inventory().stepStock.mutate({ productId, by: -2 })).toMatchObject({
      product: { stock: 15 },
    })
    const off = { productId, name: 'Correa larga', price: 50_000, stock: 0, isActive: false }
    expect(await inventory(admin).save.mutate(off)).toMatchObject({
      product: { name: 'Correa larga', category: null, isActive: false },
    })
    const sold = await visitor(api.url).at('adris').store.products.query()
    expect(sold.products.map(({ id }) => id)).not.toContain(productId)
    await inventory().remove.mutate({ productId })
    expect((await inventory().list.query()).products.map(({ id }) => id)).not.toContain(productId)
    expect(await inventory().save.mutate({ ...off, productId: lisboa.food })).toMatchObject({
      error: 'ITEM_NOT_FOUND',
    })
  })
})
