import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

it('a pet’s upcoming appointments are listed before it is retired; they stay, and its owner can still cancel them', async () => {
  const person = await api.owner('Retires', 'adris')
  const { pets, appointments } = person.at('adris')
  const made = await pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.error)
  const petId = made.pet.id
  expect(await pets.upcoming.query({ petId })).toEqual([])
  const booked = await appointments.book.mutate({
    petId,
    serviceId: adris.consultation,
    vetId: adris.vet,
    startTime: asuncion(9),
    idempotencyKey: newKey(),
  })
  if (!booked.success) throw new Error(booked.error)
  const upcoming = [{ id: booked.appointmentId, serviceName: 'Consulta', startTime: booked.startTime }]
  expect(await pets.upcoming.query({ petId })).toEqual(upcoming)
  const other = await api.owner('Looks On', 'adris')
  expect(await other.at('adris').pets.upcoming.query({ petId })).toEqual([])

  expect(await pets.retire.mutate({ petId })).toMatchObject({ success: true })
  expect(await pets.retire.mutate({ petId })).toMatchObject({ error: 'PET_NOT_FOUND' })
  expect(await pets.upcoming.query({ petId })).toEqual(upcoming)
  const mine = await appointments.mine.query({ when: 'upcoming' })
  expect(mine.items.map(({ id, canCancel }) => [id, canCancel])).toEqual([[booked.appointmentId, true]])
  const cancel = { appointmentId: booked.appointmentId, newStatus: 'cancelled' as const }
  expect(await appointments.changeStatus.mutate(cancel)).toMatchObject({ success: true })
  expect(await pets.upcoming.query({ petId })).toEqual([])

  expect(await other.at('adris').pets.restore.mutate({ petId })).toMatchObject({ error: 'PET_NOT_FOUND' })
  expect(await pets.restore.mutate({ petId })).toEqual({ success: true, pet: made.pet })
  expect(await pets.restore.mutate({ petId })).toMatchObject({ error: 'PET_NOT_FOUND' })
  expect(await pets.list.query()).toEqual([made.pet])
})
