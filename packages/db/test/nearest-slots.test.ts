import { at, type Clinic, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { beforeAll, expect, it } from 'vitest'
import { availableSlots, nearestSlots } from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'

const { admin, connect } = await apiDatabase()
const db = connect({ poolSize: 2 })
let clinic: Clinic

beforeAll(async () => {
  clinic = await newClinic(admin)
  // Mondays and Thursdays only, so that some requested times have no free time within a day
  await setHours(admin, clinic, [
    [1, '09:00', '11:00'],
    [4, '15:00', '16:30'],
  ])
})

const timeZone = 'America/Asuncion'
const aDay = 24 * 60 * 60 * 1000

it.each([0, 7, 13, 26, 40, 61, 85, 110, 140, 163])(
  'the nearest free times are the nearest of the whole week around the requested time (hour %i)',
  async (hour) => {
    const search = { tenantId: clinic.tenant, serviceId: clinic.service, timeZone }
    const requested = new Date(Date.parse(at(10, '00:00')) + hour * 60 * 60 * 1000)
    const dayFrom = (days: number) =>
      new Date(requested.getTime() + days * aDay).toLocaleDateString('sv-SE', { timeZone })
    const all = await availableSlots(db, { ...search, from: dayFrom(-7), to: dayFrom(7) })
    const distance = (start: string) => Math.abs(Date.parse(start) - requested.getTime())
    const expected = all
      .map(({ startTime }) => startTime)
      .sort((one, other) => distance(one) - distance(other) || Date.parse(one) - Date.parse(other))
      .slice(0, 5)
    const found = await nearestSlots(db, { ...search, requestedTime: requested.toISOString(), limit: 5 })
    expect(expected).toHaveLength(5)
    expect(found.map(({ startTime }) => startTime)).toEqual(expected)
  },
)

it('slots in a repeated hour are ordered by instant', async () => {
  const lisbon = await newClinic(admin)
  await admin.query(`update tenants set timezone = 'Europe/Lisbon' where id = $1`, [lisbon.tenant])
  await setHours(admin, lisbon, [[7, '00:00', '04:00']])
  const slots = await availableSlots(db, {
    tenantId: lisbon.tenant,
    serviceId: lisbon.service,
    from: '2031-10-26',
    to: '2031-10-26',
    timeZone: 'Europe/Lisbon',
  })
  const starts = slots.map(({ startTime }) => startTime)
  const [summer, winter] = ['2031-10-26T01:30:00+01:00', '2031-10-26T01:30:00+00:00']
  expect(starts).toEqual(expect.arrayContaining([summer, winter]))
  expect(starts).toEqual(starts.toSorted((one, other) => Date.parse(one) - Date.parse(other)))
})
