import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { type Person, visitor } from './support/person.ts'

let api: TestApi
let ana: Person
let appointmentId: string

beforeAll(async () => {
  api = await startApi()
  ana = await api.owner('Ana Owner', 'adris')
  const { appointments, pets } = ana.at('adris')
  const pet = await pets.create.mutate({ name: 'Ñandú; el grande', species: 'bird' })
  if (!pet.success) throw new Error(pet.message)
  const booked = await appointments.book.mutate({
    petId: pet.pet.id,
    serviceId: adris.consultation,
    vetId: adris.vet,
    startTime: asuncion(3, '09:00'),
    idempotencyKey: newKey(),
  })
  if (!booked.success) throw new Error(booked.message)
  appointmentId = booked.appointmentId
})
afterAll(() => api.stop())

const address = () => `/api/calendar/adris/${appointmentId}.ics`
const get = (person: Person, path = address()) => person.fetch(path, { redirect: 'manual' })

/** Returns the properties of the calendar and its one event by name, with folded lines joined. */
async function read(): Promise<Record<string, string>> {
  const response = await get(ana)
  expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  const text = await response.text()
  const lines = text.replaceAll('\r\n ', '').split('\r\n')
  return Object.fromEntries(lines.map((line) => [line.split(/[:;]/)[0], line.slice(line.indexOf(':') + 1)]))
}

const inUtc = (instant: string) => new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '')

describe('an appointment as a calendar file', () => {
  it('has the service, the times in UTC, the clinic, and the page where it can be changed', async () => {
    expect(await read()).toMatchObject({
      METHOD: 'PUBLISH',
      UID: `${appointmentId}@vetcita`,
      SEQUENCE: '0',
      STATUS: 'CONFIRMED',
      DTSTART: inUtc(asuncion(3, '09:00')),
      DTEND: inUtc(asuncion(3, '09:30')),
      SUMMARY: 'Consulta · Ñandú\\; el grande',
      LOCATION: 'Clínica adris',
      ORGANIZER: 'mailto:no-reply@localhost',
      URL: `http://localhost:4000/adris/portal/appointments/${appointmentId}`,
    })
  })

  it('keeps its UID and raises its sequence after a move, and cancels the event when cancelled', async () => {
    const { appointments } = ana.at('adris')
    await appointments.reschedule.mutate({ appointmentId, newStartTime: asuncion(4, '10:00') })
    expect(await read()).toMatchObject({
      METHOD: 'PUBLISH',
      UID: `${appointmentId}@vetcita`,
      SEQUENCE: '1',
      DTSTART: inUtc(asuncion(4, '10:00')),
    })
    await appointments.changeStatus.mutate({ appointmentId, newStatus: 'cancelled' })
    expect(await read()).toMatchObject({
      METHOD: 'CANCEL',
      UID: `${appointmentId}@vetcita`,
      SEQUENCE: '2',
      STATUS: 'CANCELLED',
    })
  })

  it('redirects anyone who may not see it to its page, whether it exists or not', async () => {
    const stranger = await api.owner('Otra Owner', 'adris')
    const missing = '00000000-0000-4000-8000-00000000000f'
    for (const [person, id] of [
      [visitor(api.url), appointmentId],
      [stranger, appointmentId],
      [ana, missing],
    ] as const) {
      const response = await get(person, `/api/calendar/adris/${id}.ics`)
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toBe(`/adris/portal/appointments/${id}`)
    }
    expect((await get(ana, '/api/calendar/adris/nothing.ics')).status).toBe(404)
    expect((await get(ana, `/api/calendar/..%2f/${appointmentId}.ics`)).status).toBe(404)
  })
})
