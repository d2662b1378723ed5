import { adris } from '@vetcita/testing/seeded-clinics'
import { newKey } from '@vetcita/testing/times'
import { startApi, type TestApi } from './api.ts'
import type { Person } from './person.ts'

/** The clinic `adris` with a receptionist, an admin and a pet owner; `elsewhere` is an admin of another clinic. */
export type Office = {
  api: TestApi
  desk: Person
  admin: Person
  owner: Person
  elsewhere: Person
  /** Creates a client without an account, with one pet. */
  walkIn(fullName: string, pet?: string): Promise<{ id: string; pet: string }>
  /** Books a consultation as the receptionist and returns the appointment's id. */
  book(pet: string, startTime: string, vetId?: string): Promise<string>
}

export async function openOffice(): Promise<Office> {
  const api = await startApi()
  const desk = await api.staff('Rita Desk', 'adris')
  return {
    api,
    desk,
    admin: await api.staff('Alma Admin', 'adris', 'admin'),
    owner: await api.owner('Olga Owner', 'adris'),
    elsewhere: await api.staff('Elsa Elsewhere', 'lisboa', 'admin'),
    walkIn: async (fullName, name = 'Toby') => {
      const made = await desk.at('adris').clients.create.mutate({
        fullName,
        phone: '0981 555 666',
        pet: { name, species: 'dog' },
      })
      if (!made.success || made.petId === null) throw new Error('no pet')
      return { id: made.client.id, pet: made.petId }
    },
    book: async (petId, startTime, vetId = adris.vet) => {
      const booked = await desk.at('adris').appointments.book.mutate({
        petId,
        serviceId: adris.consultation,
        vetId,
        startTime,
        idempotencyKey: newKey(),
      })
      if (!booked.success) throw new Error(booked.error)
      return booked.appointmentId
    },
  }
}
