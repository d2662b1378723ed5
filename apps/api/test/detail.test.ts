import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, day, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { type Person, refusalOf } from './support/person.ts'

let api: TestApi
let owner: Person
let stranger: Person
let receptionist: Person
let appointmentId: string

beforeAll(async () => {
  api = await startApi()
  owner = await api.owner('Olga Owner', 'adris')
  stranger = await api.owner('Other', 'adris')
  receptionist = await api.staff('Rita Receptionist', 'adris')
  const made = await owner.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.error)
  const booked = await owner.at('adris').appointments.book.mutate({
    petId: made.pet.id,
    serviceId: adris.consultation,
    vetId: adris.vet,
    startTime: asuncion(3),
    idempotencyKey: newKey(),
  })
  if (!booked.success) throw new Error(booked.error)
  appointmentId = booked.appointmentId
  const desk = receptionist.at('adris').appointments
  await desk.reschedule.mutate({
    appointmentId,
    newStartTime: asuncion(3, '16:30'),
    newVetId: adris.otherVet,
  })
  await owner
    .at('adris')
    .appointments.changeStatus.mutate({ appointmentId, newStatus: 'cancelled', reason: 'Viaje' })
})
afterAll(() => api.stop())

const detail = async (person: Person) => {
  const found = await person.at('adris').appointments.detail.query({ appointmentId })
  if (!found.success) throw new Error(found.error)
  return found.appointment
}

describe('appointments.detail', () => {
  const at10 = {
    startTime: expect.stringContaining(`${day(3)}T10:00`),
    vet: { id: adris.vet, fullName: 'Ana Vet' },
  }
  const at1630 = {
    startTime: expect.stringContaining(`${day(3)}T16:30`),
    vet: { id: adris.otherVet, fullName: 'Beto Vet' },
  }

  it('shows staff who changed what and when, from what to what', async () => {
    const seen = await detail(receptionist)
    expect(seen).toMatchObject({
      status: 'cancelled',
      cancellationReason: 'Viaje',
      owner: { id: owner.id, fullName: 'Olga Owner', email: 'olga.owner@example.com' },
      service: { name: 'Consulta', durationMinutes: 30, price: 150_000 },
      timeZone: 'America/Asuncion',
      nextStatuses: [],
      canMove: false,
    })
    expect(seen.history).toMatchObject([
      {
        event: 'booked',
        by: { you: false, role: 'owner', fullName: 'Olga Owner' },
        from: null,
        to: { ...at10, status: 'scheduled' },
      },
      {
        event: 'rescheduled',
        by: { you: true, role: 'receptionist', fullName: 'Rita Receptionist' },
        from: at10,
        to: at1630,
      },
      {
        event: 'status_changed',
        from: { status: 'scheduled' },
        to: { status: 'cancelled' },
        reason: 'Viaje',
      },
    ])
    expect(seen.history[0]?.at.endsWith('-03:00')).toBe(true)
  })

  it('says which rules were set aside, and to staff alone', async () => {
    const other = await owner.at('adris').pets.create.mutate({ name: 'Nube', species: 'cat' })
    if (!other.success) throw new Error(other.error)
    const at = { serviceId: adris.consultation, vetId: adris.vet, startTime: asuncion(8, '10:00') }
    const book = receptionist.at('adris').appointments.book
    await book.mutate({ ...at, petId: other.pet.id, idempotencyKey: newKey() })
    const squeezed = await book.mutate({
      ...at,
      petId: other.pet.id,
      reason: 'Solo una vacuna',
      overrides: ['pet_busy', 'squeeze_in'],
      idempotencyKey: newKey(),
    })
    if (!squeezed.success) throw new Error(squeezed.error)
    const of = async (person: Person) => {
      const found = await person.at('adris').appointments.detail.query(squeezed)
      return found.success ? found.appointment.history.map(({ overrides }) => overrides) : null
    }
    expect(await of(receptionist)).toEqual([['pet_busy', 'squeeze_in']])
    expect(await of(owner)).toEqual([[]])
    const { vets } = await receptionist.at('adris').appointments.day.query({ date: day(8) })
    const atOnce = vets.flatMap(({ appointments }) => appointments)
    // of two at one time either may come first
    expect(atOnce.toSorted((one, two) => Number(one.squeezeIn) - Number(two.squeezeIn))).toMatchObject([
      { squeezeIn: false, overrides: [], holdExpiresAt: null },
      { squeezeIn: true, overrides: ['pet_busy'], holdExpiresAt: null },
    ])
  })

  it('shows the pet owner the same, without what is for staff only', async () => {
    const seen = await detail(owner)
    expect(seen).toMatchObject({ owner: null, notes: null, nextStatuses: null })
    expect(seen.history.map(({ by }) => by)).toEqual([
      { you: true, role: 'owner', fullName: 'Olga Owner' },
      { you: false, role: null, fullName: null },
      { you: true, role: 'owner', fullName: 'Olga Owner' },
    ])
    expect(seen.history[1]?.to).toMatchObject(at1630)
  })

  it('does not exist for anyone else', async () => {
    const input = { appointmentId }
    expect(await stranger.at('adris').appointments.detail.query(input)).toMatchObject({ error: 'NOT_FOUND' })
    const elsewhere = await api.staff('Elsewhere', 'lisboa', 'admin')
    expect(await elsewhere.at('lisboa').appointments.detail.query(input)).toMatchObject({
      error: 'NOT_FOUND',
    })
    expect(await refusalOf(elsewhere.at('adris').appointments.detail.query(input))).toBe(
      'FORBIDDEN NOT_A_MEMBER',
    )
  })
})

describe('an appointment as it was booked', () => {
  const another = async (serviceId: string, hour: string) => {
    const made = await owner.at('adris').pets.create.mutate({ name: 'Nube', species: 'cat' })
    if (!made.success) throw new Error(made.error)
    const vetId = adris.vet
    const startTime = asuncion(7, hour)
    const booking = { petId: made.pet.id, serviceId, vetId, startTime, idempotencyKey: newKey() }
    const outcome = await owner.at('adris').appointments.book.mutate(booking)
    if (!outcome.success) throw new Error(outcome.error)
    const seen = async () => {
      const found = await owner
        .at('adris')
        .appointments.detail.query({ appointmentId: outcome.appointmentId })
      if (!found.success) throw new Error(found.error)
      return found.appointment
    }
    return { outcome, seen }
  }

  it('keeps name and price when the service gets others', async () => {
    const service = '00000001-0000-4000-8000-000000000091'
    await api.admin.query(
      `insert into services (tenant_id, id, name, duration_minutes, price) values ('adris', $1, 'Corte', 30, 50000)`,
      [service],
    )
    const { seen } = await another(service, '10:00')
    await api.admin.query(`update services set name = 'Corte y baño', price = 90000 where id = $1`, [service])
    expect((await seen()).service).toMatchObject({ name: 'Corte', price: 50_000 })
    const { items } = await owner.at('adris').appointments.mine.query({ when: 'upcoming' })
    expect(items.map(({ service: { name } }) => name)).toContain('Corte')
  })

  it('says until when it may be moved and cancelled', async () => {
    const { seen } = await another(adris.consultation, '11:00')
    const set = (notice: number, grace: number) =>
      api.admin.query(
        `update tenants set change_notice_minutes = $1, grace_minutes = $2 where id = 'adris'`,
        [notice, grace],
      )
    try {
      await set(120, 0)
      expect(await seen()).toMatchObject({
        moveUntil: asuncion(7, '09:00'),
        cancelUntil: asuncion(7, '09:00'),
      })
      await set(8 * 1440, 30)
      const { history, moveUntil, cancelUntil } = await seen()
      expect(moveUntil).toBeNull()
      const booked = Date.parse(history[0]?.at ?? '')
      expect(Math.abs(Date.parse(cancelUntil ?? '') - booked - 30 * 60_000)).toBeLessThan(1000)
    } finally {
      await set(0, 0)
    }
  })

  it('shows until when a request is held', async () => {
    const service = '00000001-0000-4000-8000-000000000092'
    await api.admin.query(
      `insert into services (tenant_id, id, name, duration_minutes, price, booking)
       values ('adris', $1, 'Cirugía', 30, 1, 'request')`,
      [service],
    )
    const { outcome, seen } = await another(service, '15:00')
    expect(outcome).toMatchObject({ status: 'held' })
    expect(await seen()).toMatchObject({ status: 'held', holdExpiresAt: outcome.holdExpiresAt })
  })
})

describe('appointments.setNotes', () => {
  it('is for staff, and overwrites no notes that the writer has not seen', async () => {
    const notes = receptionist.at('adris').appointments.setNotes
    expect(await notes.mutate({ appointmentId, notes: 'Alérgica', expectedNotes: '' })).toEqual({
      success: true,
      appointmentId,
      notes: 'Alérgica',
    })
    expect(await notes.mutate({ appointmentId, notes: 'Otra', expectedNotes: '' })).toMatchObject({
      error: 'STALE_VERSION',
    })
    const seen = await detail(receptionist)
    expect(seen.notes).toBe('Alérgica')
    expect(seen.history.at(-1)).toMatchObject({
      event: 'notes_changed',
      by: { you: true, role: 'receptionist' },
      from: null,
      to: null,
    })
    const { notes: hidden, history } = await detail(owner)
    expect([hidden, history.map(({ event }) => event)]).toEqual([
      null,
      ['booked', 'rescheduled', 'status_changed'],
    ])
    expect(
      await refusalOf(owner.at('adris').appointments.setNotes.mutate({ appointmentId, notes: 'x' })),
    ).toBe('FORBIDDEN NOT_STAFF')
    const elsewhere = await api.staff('Far', 'lisboa', 'admin')
    expect(
      await elsewhere.at('lisboa').appointments.setNotes.mutate({ appointmentId, notes: 'x' }),
    ).toMatchObject({ error: 'NOT_FOUND' })
  })
})
