import { at, type Clinic, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  availableSlots,
  bookAppointment,
  changeAppointmentStatus,
  type Database,
  mergeCart,
  nearestSlots,
  petsOf,
  rescheduleAppointment,
  setCartItem,
} from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'
import { type CountingProxy, countingProxy } from './support/counting-proxy.ts'

const { admin, url, connect } = await apiDatabase()
let proxy: CountingProxy
let db: Database
let clinic: Clinic
let appointmentId: string

beforeAll(async () => {
  proxy = await countingProxy(url)
  db = connect({ poolSize: 1 }, proxy.url)
  clinic = await newClinic(admin)
  await setHours(
    admin,
    clinic,
    [1, 2, 3, 4, 5, 6, 7].map((day) => [day, '08:00', '18:00'] as const),
  )
  await db.$queryRaw`select 1`
  proxy.roundTrips()
})
afterAll(async () => {
  await db.$disconnect()
  await proxy.close()
})

const timeZone = 'America/Asuncion'

/** How many round trips a call makes on a connection that is there already, and what it answered. */
async function counted<Answer>(call: Promise<Answer>): Promise<[number, Answer]> {
  const answer = await call
  return [proxy.roundTrips(), answer]
}

describe('each operation is one round trip', () => {
  it('booking', async () => {
    const [trips, outcome] = await counted(
      bookAppointment(db, {
        tenantId: clinic.tenant,
        petId: clinic.pet,
        serviceId: clinic.service,
        vetId: clinic.vet,
        startTime: at(3, '10:00'),
        bookedBy: clinic.owner,
        idempotencyKey: 'one-round-trip',
        timeZone,
      }),
    )
    expect([trips, outcome]).toMatchObject([1, { success: true, localTime: '07:00' }])
    if (outcome.success) appointmentId = outcome.appointmentId
  })

  it('moving, changing the status', async () => {
    const [trips, outcome] = await counted(
      rescheduleAppointment(db, {
        appointmentId,
        newStartTime: at(3, '11:00'),
        performedBy: clinic.owner,
        isStaff: false,
        timeZone,
      }),
    )
    expect([trips, outcome]).toMatchObject([1, { success: true, localTime: '08:00', version: 2 }])
    const change = {
      appointmentId,
      newStatus: 'confirmed' as const,
      performedBy: clinic.receptionist,
      isStaff: true,
    }
    expect(await counted(changeAppointmentStatus(db, change))).toMatchObject([
      1,
      { success: true, version: 3 },
    ])
  })

  it('merging a cart, setting a line', async () => {
    const customer = { tenantId: clinic.tenant, customerId: clinic.owner }
    const line = { type: 'product' as const, id: clinic.product, quantity: 2 }
    expect(await counted(mergeCart(db, { ...customer, items: [line] }))).toMatchObject([
      1,
      { itemCount: expect.any(Number) },
    ])
    expect(await counted(setCartItem(db, { ...customer, ...line, mode: 'set' }))).toMatchObject([
      1,
      { success: true },
    ])
  })

  it('searching slots, and the nearest ones', async () => {
    const search = { tenantId: clinic.tenant, serviceId: clinic.service, timeZone }
    const day = at(3, '12:00').slice(0, 10)
    const [trips, slots] = await counted(availableSlots(db, { ...search, from: day, to: day }))
    expect([trips, slots.length > 0]).toEqual([1, true])
    const nearest = nearestSlots(db, { ...search, wishedTime: at(3, '11:00'), limit: 3 })
    expect((await counted(nearest))[0]).toBe(1)
  })
})

it('a read as the caller is one short transaction: begin, become, read, commit', async () => {
  const [trips] = await counted(petsOf(db, { userId: clinic.owner, tenantId: clinic.tenant }))
  expect(trips).toBe(4)
})
