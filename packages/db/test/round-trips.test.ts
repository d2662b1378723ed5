import { at, type Clinic, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Arguments,
  type ArgumentTypes,
  availableSlots,
  bookAppointment,
  changeAppointmentStatus,
  type Database,
  memberCall,
  mergeCart,
  nearestSlots,
  petsOf,
  rescheduleAppointment,
  type SqlFunction,
  setAppointmentNotes,
  setCartItem,
} from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'
import { type CountingProxy, countingProxy } from './support/counting-proxy.ts'
import { signIn } from './support/sessions.ts'

const { admin, url, connect } = await apiDatabase()
let proxy: CountingProxy
let db: Database
let clinic: Clinic
let appointmentId: string

beforeAll(async () => {
  proxy = await countingProxy(url)
  db = connect({ poolSize: 1 }, proxy.url)
  clinic = await newClinic(admin, { timezone: timeZone })
  await setHours(
    admin,
    clinic,
    [1, 2, 3, 4, 5, 6, 7].map((day) => [day, '05:00', '15:00'] as const),
  )
  await signIn(admin, clinic.owner, 'owner')
  await signIn(admin, clinic.receptionist, 'receptionist')
  await db.$queryRaw`select 1`
  proxy.roundTrips()
})
afterAll(async () => {
  await db.$disconnect()
  await proxy.close()
})

const timeZone = 'America/Asuncion'

/** Returns how many round trips a call makes on an open connection, and its result. */
async function counted<Answer>(call: Promise<Answer>): Promise<[number, Answer]> {
  const answer = await call
  return [proxy.roundTrips(), answer]
}

/** Calls a function as the person whose session has this token. */
async function asMember<Types extends ArgumentTypes, Outcome>(
  token: 'owner' | 'receptionist',
  fn: SqlFunction<Types, Outcome>,
  args: Arguments<Types>,
): Promise<[number, Outcome | null | undefined]> {
  const [trips, answer] = await counted(
    memberCall(db, { token, tenantId: clinic.tenant }, 'members', fn, args),
  )
  return [trips, answer?.outcome]
}

describe('each operation is one round trip, including the check of the session', () => {
  it('booking', async () => {
    const [trips, outcome] = await asMember('owner', bookAppointment, {
      petId: clinic.pet,
      serviceId: clinic.service,
      vetId: clinic.vet,
      startTime: at(3, '10:00'),
      idempotencyKey: 'one-round-trip',
    })
    expect([trips, outcome]).toMatchObject([
      1,
      { success: true, startTime: expect.stringContaining('T07:00') },
    ])
    if (outcome?.success) appointmentId = outcome.appointmentId
  })

  it('moving', async () => {
    const move = { appointmentId, newStartTime: at(3, '11:00') }
    expect(await asMember('owner', rescheduleAppointment, move)).toMatchObject([
      1,
      { success: true, newStartTime: expect.stringContaining('T08:00'), version: 2 },
    ])
  })

  it('changing the status', async () => {
    const change = { appointmentId, newStatus: 'confirmed' }
    expect(await asMember('receptionist', changeAppointmentStatus, change)).toMatchObject([
      1,
      { success: true, version: 3 },
    ])
  })

  it('writing notes', async () => {
    const change = { appointmentId, notes: 'Nervous' }
    expect(await asMember('receptionist', setAppointmentNotes, change)).toMatchObject([
      1,
      { success: true, notes: 'Nervous' },
    ])
  })

  it('merging a cart, setting a line', async () => {
    const line = { type: 'product', id: clinic.product, quantity: 2 }
    expect(await asMember('owner', mergeCart, { newItems: [line] })).toMatchObject([
      1,
      { success: true, itemCount: 1 },
    ])
    expect(await asMember('owner', setCartItem, { ...line, mode: 'set' })).toMatchObject([
      1,
      { success: true },
    ])
  })

  it('searching slots, and the nearest ones', async () => {
    const search = { tenantId: clinic.tenant, serviceId: clinic.service, timeZone }
    const day = at(3, '12:00').slice(0, 10)
    const [trips, slots] = await counted(availableSlots(db, { ...search, from: day, to: day }))
    expect([trips, slots.length > 0]).toEqual([1, true])
    const nearest = nearestSlots(db, { ...search, requestedTime: at(3, '11:00'), limit: 3 })
    expect((await counted(nearest))[0]).toBe(1)
  })
})

it('a read as the caller is one transaction of four statements: begin, set role, read, commit', async () => {
  const owner = { userId: clinic.owner, tenantId: clinic.tenant, isStaff: false }
  const [trips] = await counted(petsOf(db, owner))
  expect(trips).toBe(4)
})
