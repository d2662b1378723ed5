import { timeOf } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { asuncion, day, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { visitor } from './support/person.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

describe('clinic', () => {
  it('shows a visitor the clinic, its services, its vets and their hours', async () => {
    const clinic = await visitor(api.url).at('adris').clinic.get.query()
    expect(clinic).toMatchObject({
      id: 'adris',
      timeZone: 'America/Asuncion',
      currency: 'PYG',
      changeNoticeMinutes: 0,
      services: [{ id: adris.consultation, name: 'Consulta', durationMinutes: 30, price: 150000 }],
      vets: [{ fullName: 'Ana Vet' }, { fullName: 'Beto Vet' }],
    })
    expect(clinic.hours).toHaveLength(28)
    expect(clinic.hours[0]).toEqual({ vetId: adris.vet, weekday: 1, opens: '08:00', closes: '12:00' })
    const clinics = await visitor(api.url).nowhere.clinic.list.query()
    expect(clinics.map(({ id }) => id)).toEqual(['adris', 'lisboa'])
  })
})

describe('slots.available', () => {
  it('gives instants with the clinic’s offset and the clinic’s wall time', async () => {
    const search = {
      serviceId: adris.consultation,
      vetId: adris.vet,
      from: day(3),
      to: day(3),
      stepMinutes: 30,
    }
    const { vets, timeZone } = await visitor(api.url).at('adris').slots.available.query(search)
    expect(timeZone).toBe('America/Asuncion')
    expect(vets.map(({ vetId }) => vetId)).toEqual([adris.vet])
    expect(vets[0]?.starts).toHaveLength(18)
    expect(vets[0]?.starts[0]).toBe(asuncion(3, '08:00'))
  })

  it('follows the daylight saving time of a clinic’s zone', async () => {
    const at = (date: string) =>
      visitor(api.url)
        .at('lisboa')
        .slots.available.query({ serviceId: lisboa.consultation, vetId: lisboa.vet, from: date, to: date })
    // the last Sundays of March and October 2027
    const before = await at('2027-03-27')
    const after = await at('2027-03-28')
    expect(before.vets[0]?.starts[0]).toBe('2027-03-27T08:00:00+00:00')
    expect(after.vets[0]?.starts[0]).toBe('2027-03-28T08:00:00+01:00')
  })

  it('includes an appointment’s own time when it is to be moved', async () => {
    const person = await api.owner('Mover', 'adris')
    const made = await person.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
    if (!made.success) throw new Error(made.error)
    const booked = await person.at('adris').appointments.book.mutate({
      petId: made.pet.id,
      serviceId: adris.consultation,
      vetId: adris.vet,
      startTime: asuncion(5),
      idempotencyKey: newKey(),
    })
    if (!booked.success) throw new Error(booked.error)
    const day5 = { vetId: adris.vet, from: day(5), to: day(5) }
    const times = async (search: { serviceId: string } | { appointmentId: string }) => {
      const found = await person.at('adris').slots.available.query({ ...day5, ...search })
      return slotsOf(found).map((slot) => timeOf(slot.startTime))
    }
    expect(await times({ serviceId: adris.consultation })).not.toContain('10:00')
    expect(await times({ appointmentId: booked.appointmentId })).toContain('10:00')
  })
})

describe('pets', () => {
  it('are added, changed and retired; a retired one cannot be booked', async () => {
    const person = await api.owner('Pet Owner', 'adris')
    const pets = person.at('adris').pets
    const made = await pets.create.mutate({ name: '  Luna ', species: 'dog' })
    if (!made.success) throw new Error(made.error)
    expect(made.pet.name).toBe('Luna')
    const changed = await pets.update.mutate({ petId: made.pet.id, species: 'cat' })
    expect(changed).toEqual({ success: true, pet: { id: made.pet.id, name: 'Luna', species: 'cat' } })
    expect(await pets.list.query()).toEqual([{ id: made.pet.id, name: 'Luna', species: 'cat' }])
    expect(await pets.retire.mutate({ petId: made.pet.id })).toMatchObject({ success: true })
    expect(await pets.list.query()).toEqual([])
    expect(await pets.update.mutate({ petId: made.pet.id, name: 'x' })).toMatchObject({
      error: 'PET_NOT_FOUND',
    })
    const outcome = await person.at('adris').appointments.book.mutate({
      petId: made.pet.id,
      serviceId: adris.consultation,
      vetId: adris.vet,
      startTime: asuncion(6),
      idempotencyKey: newKey(),
    })
    expect(outcome).toMatchObject({ success: false, error: 'PET_NOT_FOUND' })
  })
})
