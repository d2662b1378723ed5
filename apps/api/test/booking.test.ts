import { dateOf, timeOf } from '@vetcita/contracts'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { asuncion, day, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import type { Person } from './support/person.ts'

let api: TestApi
let maria: Person
let rival: Person
let lucia: Person
let pet: string
let rivalsPet: string

beforeAll(async () => {
  api = await startApi()
  maria = await api.owner('Maria', 'adris')
  rival = await api.owner('Rival', 'adris')
  lucia = await api.staff('Lucia', 'adris')
  pet = await petOf(maria)
  rivalsPet = await petOf(rival)
})
afterAll(() => api.stop())

async function petOf(person: Person): Promise<string> {
  const made = await person.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.error)
  return made.pet.id
}

const bookingAt = (startTime: string, petId = pet) => ({
  petId,
  serviceId: adris.consultation,
  vetId: adris.vet,
  startTime,
  idempotencyKey: newKey(),
})

async function booked(startTime: string, person = maria, petId = pet): Promise<string> {
  const outcome = await person.at('adris').appointments.book.mutate(bookingAt(startTime, petId))
  if (!outcome.success) throw new Error(outcome.error)
  return outcome.appointmentId
}

describe('appointments.book', () => {
  it('books, and returns the time with the clinic’s offset', async () => {
    const outcome = await maria.at('adris').appointments.book.mutate(bookingAt(`${day(3)}T13:00:00Z`))
    expect(outcome).toMatchObject({
      success: true,
      startTime: asuncion(3, '10:00'),
      endTime: asuncion(3, '10:30'),
      status: 'scheduled',
      version: 1,
      replayed: false,
    })
  })

  it('answers a repeated key with the same appointment, so that a lost answer does no harm', async () => {
    const attempt = bookingAt(asuncion(4))
    const first = await maria.at('adris').appointments.book.mutate(attempt)
    const again = await maria.at('adris').appointments.book.mutate(attempt)
    expect(first.success).toBe(true)
    expect(again).toEqual({ ...first, replayed: true })
    const { rows } = await api.admin.query('select from appointments where start_time = $1', [asuncion(4)])
    expect(rows).toHaveLength(1)
  })

  it('refuses a key that was used for another booking', async () => {
    const attempt = bookingAt(asuncion(5))
    await maria.at('adris').appointments.book.mutate(attempt)
    const other = await maria
      .at('adris')
      .appointments.book.mutate({ ...attempt, startTime: asuncion(5, '11:00') })
    expect(other).toMatchObject({ success: false, error: 'IDEMPOTENCY_KEY_REUSED' })
  })

  it('suggests the three nearest free times of the same vet if the slot is taken', async () => {
    await booked(asuncion(6), rival, rivalsPet)
    const outcome = await maria.at('adris').appointments.book.mutate(bookingAt(asuncion(6)))
    if (outcome.success || outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(JSON.stringify(outcome))
    expect(
      outcome.suggestions.map((slot) => [dateOf(slot.startTime), timeOf(slot.startTime), slot.vetId]),
    ).toEqual([
      [day(6), '09:30', adris.vet],
      [day(6), '10:30', adris.vet],
      [day(6), '09:15', adris.vet],
    ])
    const [nearest] = outcome.suggestions
    const taken = await maria.at('adris').appointments.book.mutate(bookingAt(nearest?.startTime ?? ''))
    expect(taken).toMatchObject({ success: true })
  })

  it('gives a slot requested by many at once to one of them, and suggestions to the others', async () => {
    // each for a pet of its own, or the pet would be what is in the way
    const people = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const person = await api.owner(`Racer ${n}`, 'adris')
        const made = await person.at('adris').pets.create.mutate({ name: 'Rayo', species: 'dog' })
        if (!made.success) throw new Error(made.error)
        return { person, petId: made.pet.id }
      }),
    )
    const outcomes = await Promise.all(
      people.map(({ person, petId }) =>
        person.at('adris').appointments.book.mutate({ ...bookingAt(asuncion(17)), petId }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.success)).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.success) continue
      if (outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(JSON.stringify(outcome))
      expect(outcome.suggestions).toHaveLength(3)
    }
  })

  it('makes one appointment for one key that is sent many times at once', async () => {
    const attempt = bookingAt(asuncion(18))
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => maria.at('adris').appointments.book.mutate(attempt)),
    )
    const ids = new Set(outcomes.map((outcome) => (outcome.success ? outcome.appointmentId : outcome.error)))
    expect(ids.size).toBe(1)
    expect(outcomes.filter((outcome) => outcome.success && !outcome.replayed)).toHaveLength(1)
  })

  it('suggests other vets’ times, too, if the user chose any vet', async () => {
    await booked(asuncion(7), rival, rivalsPet)
    const outcome = await maria
      .at('adris')
      .appointments.book.mutate({ ...bookingAt(asuncion(7)), anyVet: true })
    if (outcome.success || outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(JSON.stringify(outcome))
    expect(outcome.suggestions[0]).toMatchObject({ startTime: asuncion(7), vetId: adris.otherVet })
  })

  it('lets staff book for any pet of the clinic, at a length of their choice', async () => {
    const outcome = await lucia
      .at('adris')
      .appointments.book.mutate({ ...bookingAt(asuncion(8)), durationMinutes: 60 })
    expect(outcome).toMatchObject({ success: true, endTime: asuncion(8, '11:00') })
  })

  it('lets only staff choose the length and write notes', async () => {
    for (const change of [{ durationMinutes: 60 }, { notes: 'Muerde' }]) {
      const call = maria
        .at('adris')
        .appointments.book.mutate({ ...bookingAt(asuncion(8, '15:00')), ...change })
      await expect(call).rejects.toMatchObject({ data: { code: 'FORBIDDEN', reason: 'NOT_STAFF' } })
    }
  })

  it('returns the refusals of the rules as data', async () => {
    const book = maria.at('adris').appointments.book
    const of = async (change: Partial<ReturnType<typeof bookingAt>>) => {
      const outcome = await book.mutate({ ...bookingAt(asuncion(9)), ...change })
      return outcome.success ? 'success' : outcome.error
    }
    expect(await of({ petId: rivalsPet })).toBe('PET_NOT_FOUND')
    expect(await of({ serviceId: adris.retiredService })).toBe('SERVICE_NOT_FOUND')
    expect(await of({ serviceId: lisboa.consultation })).toBe('SERVICE_NOT_FOUND')
    expect(await of({ vetId: lisboa.vet })).toBe('VET_NOT_FOUND')
    expect(await of({ startTime: asuncion(-1) })).toBe('INVALID_TIME')
    expect(await of({ startTime: '9999-12-31T10:00:00Z' })).toBe('INVALID_TIME')
    expect(await of({ startTime: asuncion(9, '12:15') })).toBe('OUTSIDE_HOURS')
  })
})

describe('appointments.reschedule', () => {
  it('moves the same appointment and raises its version', async () => {
    const id = await booked(asuncion(10))
    const outcome = await maria.at('adris').appointments.reschedule.mutate({
      appointmentId: id,
      newStartTime: asuncion(10, '15:00'),
      newVetId: adris.otherVet,
      expectedVersion: 1,
    })
    expect(outcome).toMatchObject({
      success: true,
      appointmentId: id,
      oldStartTime: asuncion(10),
      newStartTime: asuncion(10, '15:00'),
      newEndTime: asuncion(10, '15:30'),
      vetId: adris.otherVet,
      version: 2,
      replayed: false,
    })
  })

  it('answers a repeated move without moving again', async () => {
    const id = await booked(asuncion(11))
    const move = { appointmentId: id, newStartTime: asuncion(11, '15:00') }
    await maria.at('adris').appointments.reschedule.mutate(move)
    const again = await maria.at('adris').appointments.reschedule.mutate(move)
    expect(again).toMatchObject({ success: true, version: 2, replayed: true })
  })

  it('suggests free times if the new slot is taken, but not the present one', async () => {
    const id = await booked(asuncion(12, '10:00'))
    await booked(asuncion(12, '10:30'), rival, rivalsPet)
    const outcome = await maria
      .at('adris')
      .appointments.reschedule.mutate({ appointmentId: id, newStartTime: asuncion(12, '10:30') })
    if (outcome.success || outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(JSON.stringify(outcome))
    expect(outcome.suggestions.map((slot) => timeOf(slot.startTime))).toEqual(['11:00', '09:45', '11:15'])
  })

  it('reports that someone else changed it first', async () => {
    const id = await booked(asuncion(13))
    await lucia.at('adris').appointments.changeStatus.mutate({ appointmentId: id, newStatus: 'confirmed' })
    const outcome = await maria.at('adris').appointments.reschedule.mutate({
      appointmentId: id,
      newStartTime: asuncion(13, '15:00'),
      expectedVersion: 1,
    })
    expect(outcome).toMatchObject({ success: false, error: 'STALE_VERSION' })
  })

  it('works only at the selected clinic, even for a member of both', async () => {
    const both = await api.owner('Both', 'adris', 'lisboa')
    const id = await booked(asuncion(14), both, await petOf(both))
    const move = { appointmentId: id, newStartTime: asuncion(14, '15:00') }
    expect(await both.at('lisboa').appointments.reschedule.mutate(move)).toMatchObject({ error: 'NOT_FOUND' })
    expect(await both.at('adris').appointments.reschedule.mutate(move)).toMatchObject({ success: true })
  })
})

describe('appointments.changeStatus', () => {
  it('lets a pet owner cancel, which frees the slot', async () => {
    const id = await booked(asuncion(15))
    const outcome = await maria
      .at('adris')
      .appointments.changeStatus.mutate({ appointmentId: id, newStatus: 'cancelled', reason: 'Viaje' })
    expect(outcome).toMatchObject({ success: true, oldStatus: 'scheduled', status: 'cancelled', version: 2 })
    await booked(asuncion(15), rival, rivalsPet)
  })

  it('lets a pet owner do nothing else, and staff follow the transitions', async () => {
    const id = await booked(asuncion(16))
    const change = { appointmentId: id, newStatus: 'confirmed' as const }
    const byOwner = await maria.at('adris').appointments.changeStatus.mutate(change)
    expect(byOwner).toMatchObject({ success: false, error: 'INVALID_TRANSITION' })
    const byStaff = await lucia.at('adris').appointments.changeStatus.mutate(change)
    expect(byStaff).toMatchObject({ success: true, status: 'confirmed' })
    const tries = (newStatus: 'scheduled' | 'checked_in') =>
      lucia.at('adris').appointments.changeStatus.mutate({ appointmentId: id, newStatus })
    expect(await tries('scheduled')).toMatchObject({ success: false, error: 'INVALID_TRANSITION' })
    expect(await tries('checked_in')).toMatchObject({ success: false, error: 'TOO_EARLY' })
  })
})

describe('appointments.mine', () => {
  it('pages through upcoming appointments, soonest first, and past ones, latest first', async () => {
    const person = await api.owner('Pager', 'adris')
    const own = await petOf(person)
    const ids: string[] = []
    for (const days of [22, 20, 21]) ids.push(await booked(asuncion(days, '16:00'), person, own))
    await person
      .at('adris')
      .appointments.changeStatus.mutate({ appointmentId: ids[2] ?? '', newStatus: 'cancelled', reason: 'x' })

    const first = await person.at('adris').appointments.mine.query({ when: 'upcoming', limit: 1 })
    expect(first.items.map((item) => dateOf(item.startTime))).toEqual([day(20)])
    expect(first.items[0]).toMatchObject({
      startTime: expect.stringContaining('T16:00'),
      endTime: expect.stringContaining('T16:30'),
      pet: { name: 'Luna' },
      service: { name: 'Consulta' },
      vet: { fullName: 'Ana Vet' },
      canMove: true,
      canCancel: true,
    })
    const second = await person
      .at('adris')
      .appointments.mine.query({ when: 'upcoming', limit: 1, cursor: first.nextCursor ?? '' })
    expect(second.items.map((item) => dateOf(item.startTime))).toEqual([day(22)])
    expect(second.nextCursor).toBeNull()

    const past = await person.at('adris').appointments.mine.query({ when: 'past' })
    expect(past.items.map((item) => [item.status, item.cancellationReason, item.canMove])).toEqual([
      ['cancelled', 'x', false],
    ])
  })
})

describe('appointments.day', () => {
  it('shows staff each vet’s day in order, with pet, pet owner and next statuses', async () => {
    await booked(asuncion(30, '11:00'))
    await booked(asuncion(30, '09:00'), rival, rivalsPet)
    const result = await lucia.at('adris').appointments.day.query({ date: day(30) })
    expect(result).toMatchObject({ date: day(30), timeZone: 'America/Asuncion' })
    expect(result.vets.map((vet) => [vet.fullName, vet.appointments.length])).toEqual([
      ['Ana Vet', 2],
      ['Beto Vet', 0],
    ])
    expect(result.vets[0]?.appointments.map((item) => [timeOf(item.startTime), item.owner.fullName])).toEqual(
      [
        ['09:00', 'Rival'],
        ['11:00', 'Maria'],
      ],
    )
    expect(result.vets[0]?.appointments[0]?.nextStatuses).toEqual(['confirmed', 'cancelled'])
  })

  it('defaults to today at the clinic', async () => {
    const result = await lucia.at('adris').appointments.day.query({})
    expect(result.date).toBe(result.today)
  })
})
