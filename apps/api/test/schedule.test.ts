import { dateOf } from '@vetcita/contracts'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { asuncion, day } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import type { Person } from './support/person.ts'

let api: TestApi
let lucia: Person
let pet = ''

beforeAll(async () => {
  api = await startApi()
  lucia = await api.staff('Lucia', 'adris')
  const maria = await api.owner('Maria', 'adris')
  const made = await maria.at('adris').pets.create.mutate({ name: 'Luna', species: 'cat' })
  if (!made.success) throw new Error(made.error)
  pet = made.pet.id
})
afterAll(() => api.stop())

async function insertAt(start: string): Promise<void> {
  await api.admin.query(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until)
     values ('adris', $1, $2, $3, $4::timestamptz, $4::timestamptz + interval '30 min', $4::timestamptz + interval '40 min')`,
    [pet, adris.consultation, adris.vet, start],
  )
}

describe('the schedule', () => {
  it('has each vet’s hours, time off and busy times of a day', async () => {
    await insertAt(asuncion(40, '09:00'))
    await api.admin.query(
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time, reason) values ('adris', $1, $2, $3, 'Curso')`,
      [adris.otherVet, asuncion(39, '15:00'), asuncion(40, '10:00')],
    )
    const result = await lucia.at('adris').appointments.day.query({ date: day(40) })
    const hours = [
      { date: day(40), opens: '08:00', closes: '12:00' },
      { date: day(40), opens: '13:00', closes: '18:00' },
    ]
    expect(result).toMatchObject({
      date: day(40),
      days: [{ date: day(40), startTime: asuncion(40, '00:00'), endTime: asuncion(41, '00:00') }],
      vets: [
        { fullName: 'Ana Vet', hours, timeOff: [], appointments: [{ busyUntil: asuncion(40, '09:40') }] },
        {
          fullName: 'Beto Vet',
          hours,
          timeOff: [{ startTime: asuncion(39, '15:00'), endTime: asuncion(40, '10:00'), reason: 'Curso' }],
        },
      ],
    })
    expect(result.now.slice(0, 10)).toBe(result.today)
  })

  it('distinguishes a vet without any hours from one without hours that day', async () => {
    const free = await api.staff('Zoe', 'adris', 'vet')
    await api.admin.query(
      'delete from vet_hours where vet_id = $1 and weekday = extract(isodow from $2::date)',
      [adris.otherVet, day(42)],
    )
    const { vets } = await lucia.at('adris').appointments.day.query({ date: day(42) })
    expect(vets.find(({ id }) => id === adris.otherVet)?.hours).toEqual([])
    expect(vets.find(({ id }) => id === free.id)?.hours).toBeNull()
  })

  it('has one vet’s week from Monday to Sunday', async () => {
    await insertAt(asuncion(50, '09:00'))
    const week = await lucia.at('adris').appointments.week.query({ date: day(50), vetId: adris.vet })
    expect(week.days).toHaveLength(7)
    expect(new Date(week.date).getUTCDay()).toBe(1)
    expect(
      week.vets.map(({ id, appointments }) => [id, appointments.map((a) => dateOf(a.startTime))]),
    ).toEqual([[adris.vet, [day(50)]]])
    const other = await lucia.at('adris').appointments.week.query({ date: day(50), vetId: lisboa.vet })
    expect(other.vets).toEqual([])
  })

  it('has 23 hours when clocks go forward and 25 when they go back', async () => {
    const rui = await api.staff('Rui', 'lisboa')
    const hoursOf = async (date: string) => {
      const [only] = (await rui.at('lisboa').appointments.day.query({ date })).days
      return only === undefined ? 0 : (Date.parse(only.endTime) - Date.parse(only.startTime)) / 3_600_000
    }
    expect(await hoursOf('2027-03-28')).toBe(23)
    expect(await hoursOf('2027-10-31')).toBe(25)
  })

  it('begins at the first instant that bears its date, also where midnight comes twice or never', async () => {
    const rui = await api.staff('Rita', 'lisboa')
    const spanIn = async (zone: string, date: string) => {
      await api.admin.query(`update tenants set timezone = $1 where id = 'lisboa'`, [zone])
      const [only] = (await rui.at('lisboa').appointments.day.query({ date })).days
      const hours = only === undefined ? 0 : Date.parse(only.endTime) - Date.parse(only.startTime)
      return [only?.startTime, hours / 3_600_000]
    }
    // at 01:00 the clocks of Havana go back to midnight, which comes twice; in March 00:00 becomes 01:00
    expect(await spanIn('America/Havana', '2027-11-07')).toEqual(['2027-11-07T00:00:00-04:00', 25])
    expect(await spanIn('America/Havana', '2027-11-06')).toEqual(['2027-11-06T00:00:00-04:00', 24])
    expect(await spanIn('America/Havana', '2027-03-14')).toEqual(['2027-03-14T01:00:00-04:00', 23])
    // those of Beirut go back from midnight to 23:00
    expect(await spanIn('Asia/Beirut', '2027-10-30')).toEqual(['2027-10-30T00:00:00+03:00', 25])
    expect(await spanIn('Asia/Beirut', '2027-03-28')).toEqual(['2027-03-28T01:00:00+03:00', 23])
    expect(await spanIn('America/Asuncion', '2027-03-28')).toEqual(['2027-03-28T00:00:00-03:00', 24])
    await api.admin.query(`update tenants set timezone = 'Europe/Lisbon' where id = 'lisboa'`)
  })

  it('has an appointment over midnight on both of its days, and one that ends at midnight on one', async () => {
    await insertAt(asuncion(44, '23:45'))
    await insertAt(asuncion(46, '23:30'))
    const startsOn = async (date: string) =>
      (await lucia.at('adris').appointments.day.query({ date })).vets.flatMap(({ appointments }) =>
        appointments.map(({ startTime }) => startTime),
      )
    expect(await startsOn(day(44))).toEqual([asuncion(44, '23:45')])
    expect(await startsOn(day(45))).toEqual([asuncion(44, '23:45')])
    expect(await startsOn(day(46))).toEqual([asuncion(46, '23:30')])
    expect(await startsOn(day(47))).toEqual([])
  })

  it('suggests other times for a move into time off', async () => {
    const { rows } = await api.admin.query<{ id: string }>(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       values ('adris', $1, $2, $3, $4::timestamptz, $4::timestamptz + interval '30 min') returning id`,
      [pet, adris.consultation, adris.vet, asuncion(33, '09:00')],
    )
    await api.admin.query(
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ('adris', $1, $2, $3)`,
      [adris.vet, asuncion(33, '14:00'), asuncion(33, '16:00')],
    )
    const moved = await lucia.at('adris').appointments.reschedule.mutate({
      appointmentId: rows[0]?.id ?? '',
      newStartTime: asuncion(33, '14:00'),
    })
    expect(moved).toMatchObject({
      error: 'VET_AWAY',
      suggestions: [
        { startTime: expect.stringContaining('T13:30') },
        { startTime: expect.stringContaining('T13:15') },
        { startTime: expect.stringContaining('T13:00') },
      ],
    })
  })
})
