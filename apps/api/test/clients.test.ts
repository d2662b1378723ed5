import { lisboa } from '@vetcita/testing/seeded-clinics'
import { tcpProxy } from '@vetcita/testing/tcp-proxy'
import { asuncion, day, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from './support/office.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.api.stop())

const clients = (person: Person = office.desk) => person.at('adris').clients
const inventory = (person: Person = office.desk) => person.at('adris').inventory

describe('clients', () => {
  it('and their pets are created once, even if a request is repeated, twice at once, after a lost answer', async () => {
    let isLosing = false
    const proxy = await tcpProxy(office.api.url, ({ client, server }) => {
      client.pipe(server)
      server.on('data', (answer: Buffer) => {
        if (isLosing) client.resetAndDestroy()
        else client.write(answer)
      })
    })
    const far = visitor(new URL(proxy.url).origin)
    await far.signIn(office.desk.email)
    const lost = async (call: () => Promise<unknown>) => {
      isLosing = true
      await expect(call()).rejects.toThrow()
      isLosing = false
    }
    try {
      const pet = { name: 'Kiara', species: 'cat' }
      const input = { fullName: 'Wanda Lost', phone: '0981 000 111', pet, idempotencyKey: newKey() }
      const create = () => clients(far).create.mutate(input)
      await lost(create)
      const [one, other] = await Promise.all([create(), create()])
      expect(other).toEqual(one)
      const found = await clients().search.query({ text: 'wanda lost' })
      expect(found.clients).toMatchObject([{ fullName: 'Wanda Lost', pets: [pet] }])
      expect(one).toEqual({
        success: true,
        client: found.clients[0],
        petId: found.clients[0]?.pets[0]?.id,
        replayed: true,
      })

      const second = {
        clientId: found.clients[0]?.id ?? '',
        name: 'Loba',
        species: 'dog',
        idempotencyKey: newKey(),
      }
      const add = () => clients(far).addPet.mutate(second)
      await lost(add)
      expect(await add()).toMatchObject({ success: true, pet: { name: 'Loba' }, replayed: true })
      const after = await clients().search.query({ text: 'wanda lost' })
      expect(after.clients[0]?.pets.map(({ name }) => name)).toEqual(['Kiara', 'Loba'])
    } finally {
      await proxy.close()
    }
  })

  it('are created with a pet, searched, edited, and listed with their visits', async () => {
    const made = await office.walkIn('Íñigo Pérez', 'Ñoqui')
    for (const text of ['inigo', 'per', 'ñoq', '555 666', '981555'])
      expect((await clients().search.query({ text })).clients.map(({ id }) => id)).toContain(made.id)
    const found = await clients(office.elsewhere)
      .search.query({ text: 'inigo' })
      .catch(() => null)
    expect(found).toBeNull()
    expect((await office.elsewhere.at('lisboa').clients.search.query({ text: 'inigo' })).clients).toEqual([])

    const changed = await clients().update.mutate({ clientId: made.id, fullName: 'Íñigo P.', phone: null })
    expect(changed).toMatchObject({ client: { fullName: 'Íñigo P.', phone: null, hasAccount: false } })
    await clients().updatePet.mutate({ petId: made.pet, species: 'cat' })
    const added = await clients().addPet.mutate({ clientId: made.id, name: 'Lola', species: 'cat' })
    if (!added.success) throw new Error(added.error)
    await clients().retirePet.mutate({ petId: added.pet.id })
    await office.book(made.pet, asuncion(12))
    const cancelled = await office.book(made.pet, asuncion(12, '11:00'))
    await office.desk
      .at('adris')
      .appointments.changeStatus.mutate({ appointmentId: cancelled, newStatus: 'cancelled' })
    const got = await clients().get.query({ clientId: made.id })
    expect(got).toMatchObject({
      success: true,
      client: {
        pets: [{ name: 'Ñoqui', species: 'cat' }],
        upcoming: [{ startTime: expect.stringContaining(`${day(12)}T10:00`), vet: { fullName: 'Ana Vet' } }],
        past: [{ id: cancelled, status: 'cancelled', startTime: expect.stringContaining('T11:00') }],
        link: null,
        isStaff: false,
      },
    })
    expect(await clients().get.query({ clientId: office.owner.id })).toMatchObject({
      client: { hasAccount: true },
    })
    expect(await clients().get.query({ clientId: office.elsewhere.id })).toMatchObject({
      error: 'CLIENT_NOT_FOUND',
    })
    // a member of staff with a pet is a client, whose name is not edited here
    const theirs = { clientId: office.admin.id }
    expect(await clients().addPet.mutate({ ...theirs, name: 'Rex', species: 'dog' })).toMatchObject({
      success: true,
    })
    expect(await clients().get.query(theirs)).toMatchObject({ client: { isStaff: true } })
    expect(await clients().update.mutate({ ...theirs, fullName: 'X' })).toMatchObject({
      error: 'CLIENT_NOT_FOUND',
    })
    const page = await clients().search.query({ limit: 1 })
    expect([page.clients.length, page.hasMore]).toEqual([1, true])
  })

  it('are claimed by the user who opens their link, once, with pets and appointments', async () => {
    const made = await office.walkIn('Walter Walkin')
    await office.book(made.pet, asuncion(13))
    const link = await clients().invite.mutate({ clientId: made.id })
    if (!link.success) throw new Error(link.error)
    expect(await clients().get.query({ clientId: made.id })).toMatchObject({
      client: { link: { expiresAt: expect.stringMatching(/-03:00$/) } },
    })
    const walter = await office.api.signUp('Walter Himself')
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
    expect(await clients(office.owner).claim.mutate({ token: link.token })).toMatchObject({
      error: 'LINK_USED',
    })
    expect(await clients(office.owner).claimOffer.query({ token: 'x' })).toMatchObject({
      error: 'LINK_INVALID',
    })
    expect(await clients().invite.mutate({ clientId: walter.id })).toMatchObject({ error: 'HAS_ACCOUNT' })
    expect(await clients().get.query({ clientId: made.id })).toMatchObject({ error: 'CLIENT_NOT_FOUND' })
    expect(await refusalOf(clients(visitor(office.api.url)).claim.mutate({ token: link.token }))).toBe(
      'UNAUTHORIZED',
    )
  })
})

describe('inventory', () => {
  it('price, stock, category and availability; changing one leaves the others unchanged', async () => {
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
    const off = { productId, isActive: false }
    expect(await inventory(office.admin).save.mutate(off)).toMatchObject({
      product: { ...made.product, stock: 15, isActive: false },
    })
    const renamed = { productId, name: 'Correa larga', category: '', price: 50_000 }
    expect(await inventory().save.mutate(renamed)).toMatchObject({
      product: { name: 'Correa larga', category: null, price: 50_000, stock: 15, isActive: false },
    })
    const sold = await visitor(office.api.url).at('adris').store.products.query()
    expect(sold.products.map(({ id }) => id)).not.toContain(productId)
    await inventory().remove.mutate({ productId })
    expect((await inventory().list.query()).products.map(({ id }) => id)).not.toContain(productId)
    expect(await inventory().save.mutate({ ...off, productId: lisboa.food })).toMatchObject({
      error: 'ITEM_NOT_FOUND',
    })
  })
})
