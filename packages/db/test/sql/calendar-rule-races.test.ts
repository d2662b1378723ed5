import { book, call, codeOf, user } from '@vetcita/testing/sql/calls'
import { at, booked, booking, inserted, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { type Population, populate } from './support/population.ts'
import { race, racer, tally } from './support/race.ts'
import { interleave } from './support/waiting.ts'

// The races of the calendar's rules, each also against a copy of the function that is broken on purpose, so that the race
// is known to find the fault. Every caller has a vet of their own: what keeps them apart is the owner's lock alone.

const db = await fileDatabase()
const crowd = 12
let clients: pg.Client[]
let gatekeeper: pg.Client
beforeAll(async () => {
  gatekeeper = await db.connect()
  clients = await db.connectMany(crowd)
})

const pause = `perform pg_sleep(1);`
/** Locks the vet alone, as before there were rules about owners. */
const withoutOwner = [/id in \(p_vet_id, v_owner_id\)/, 'id in (p_vet_id)'] as const
const slowInsert = [/insert into appointments/, `${pause} insert into appointments`] as const

/** The same owner on many devices, one vet each. */
const bookings = ({ clinic, vets }: Population, start: (n: number) => string, owner = clinic.owner) =>
  vets.map((vet, n) =>
    racer(user(owner), 'book_appointment_atomic', {
      p_tenant_id: clinic.tenant,
      p_pet_id: clinic.pet,
      p_service_id: clinic.service,
      p_vet_id: vet,
      p_start_time: start(n),
    }),
  )

const sameTime = () => at(5, '10:00')
const timesApart = (n: number) => at(5 + n, '10:00')

test('one pet at one time with many vets: one booking, and a copy without the owner’s lock is found out', async () => {
  const people = await populate(db.admin, 0, crowd)
  const attempt = () => race(gatekeeper, clients, bookings(people, sameTime), 'door', people.clinic)
  const restore = await spoil(db.admin, 'book_appointment_atomic', [withoutOwner, slowInsert])
  try {
    expect(tally(await attempt()).success).toBeGreaterThan(1)
    expect((await violations(db.admin)).petsInTwoPlaces).toBeGreaterThan(0)
  } finally {
    await restore()
  }
  await db.rows('delete from appointments where tenant_id = $1', [people.clinic.tenant])
  expect(tally(await attempt())).toEqual({ success: 1, PET_BUSY: crowd - 1 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('the limit is exact: many devices of one owner at once, and a copy without the lock is found out', async () => {
  const people = await populate(db.admin, 0, crowd)
  await db.rows('update tenants set max_open_appointments = 3 where id = $1', [people.clinic.tenant])
  const attempt = () => race(gatekeeper, clients, bookings(people, timesApart), 'door', people.clinic)
  const restore = await spoil(db.admin, 'book_appointment_atomic', [withoutOwner, slowInsert])
  try {
    expect(tally(await attempt()).success).toBeGreaterThan(3)
    expect((await violations(db.admin)).ownersAboveLimit).toBe(1)
  } finally {
    await restore()
  }
  await db.rows('delete from appointments where tenant_id = $1', [people.clinic.tenant])
  expect(tally(await attempt())).toEqual({ success: 3, LIMIT_REACHED: crowd - 3 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('a booking against moves of the same pet: one of them gets the time', async () => {
  const people = await populate(db.admin, 0, crowd)
  const { clinic, vets } = people
  const moves = await Promise.all(
    vets.slice(1).map(async (vet, n) => {
      const id = await booked(db.admin, clinic, { p_vet_id: vet, p_start_time: at(20 + n, '10:00') })
      return racer(user(clinic.owner), 'reschedule_appointment_atomic', {
        p_appointment_id: id,
        p_new_start_time: sameTime(),
        p_performed_by: clinic.owner,
      })
    }),
  )
  const restore = await spoil(db.admin, 'reschedule_appointment_atomic', [
    [/\(v_old_vet_id, v_vet_id, v_owner_id\)/, '(v_old_vet_id, v_vet_id)'],
    [/update appointments/, `${pause} update appointments`],
  ])
  try {
    const finishes = await race(gatekeeper, clients, moves, 'door', clinic)
    expect(tally(finishes).success).toBeGreaterThan(1)
    expect((await violations(db.admin)).petsInTwoPlaces).toBeGreaterThan(0)
  } finally {
    await restore()
  }
  await db.rows(`delete from appointments where tenant_id = $1 and start_time = $2`, [
    clinic.tenant,
    sameTime(),
  ])
  const again = await Promise.all(
    vets.slice(1).map(async (vet, n) => {
      const id = await inserted(db.admin, clinic, at(40 + n, '10:00'), { vet })
      return racer(user(clinic.owner), 'reschedule_appointment_atomic', {
        p_appointment_id: id,
        p_new_start_time: sameTime(),
        p_performed_by: clinic.owner,
      })
    }),
  )
  const finishes = await race(
    gatekeeper,
    clients,
    [...bookings(people, sameTime).slice(0, 1), ...again],
    'door',
    clinic,
  )
  expect(tally(finishes)).toEqual({ success: 1, PET_BUSY: crowd - 1 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('squeeze-ins at once on one hour: two, and never more', async () => {
  const people = await populate(db.admin, crowd, 0)
  const { clinic, owners } = people
  await booked(db.admin, clinic, { p_start_time: sameTime(), p_duration_minutes: 120 })
  const finishes = await race(
    gatekeeper,
    clients,
    owners.map(({ pet }) =>
      racer(user(clinic.receptionist), 'book_appointment_atomic', {
        p_tenant_id: clinic.tenant,
        p_pet_id: pet,
        p_service_id: clinic.service,
        p_vet_id: clinic.vet,
        p_start_time: sameTime(),
        p_reason: 'Urgencia',
        p_overrides: '{squeeze_in}',
      }),
    ),
    'vet',
    clinic,
  )
  expect(tally(finishes)).toEqual({ success: 2, SQUEEZE_INS_FULL: crowd - 2 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('many who want the time of one expired hold: one gets it, the hold is cancelled once', async () => {
  const people = await populate(db.admin, crowd, 0)
  const { clinic, owners } = people
  const hold = await inserted(db.admin, clinic, sameTime())
  await db.rows(
    `update appointments set status = 'held', hold_expires_at = now() - interval '1 second' where id = $1`,
    [hold],
  )
  const finishes = await race(
    gatekeeper,
    clients,
    owners.map(({ owner, pet }) =>
      racer(user(owner), 'book_appointment_atomic', {
        p_tenant_id: clinic.tenant,
        p_pet_id: pet,
        p_service_id: clinic.service,
        p_vet_id: clinic.vet,
        p_start_time: sameTime(),
      }),
    ),
    'vet',
    clinic,
  )
  expect(tally(finishes)).toEqual({ success: 1, SLOT_UNAVAILABLE: crowd - 1 })
  expect(
    await db.value(
      `select count(*)::int from appointment_events where appointment_id = $1 and details -> 'to' ->> 'status' = 'cancelled'`,
      [hold],
    ),
  ).toBe(1)
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('a booking that waits sees the closed day, the service’s vets and the limit that were committed meanwhile', async () => {
  for (const [whileWaiting, code] of [
    [
      (tenant: string) =>
        `insert into clinic_closures (tenant_id, start_time, end_time, name)
         values ('${tenant}', '${at(3, '00:00')}', '${at(4, '00:00')}', 'Feriado')`,
      'CLINIC_CLOSED',
    ],
    [
      (tenant: string) =>
        `insert into vet_services select '${tenant}', p.id, s.id from profiles p, services s
         where p.tenant_id = '${tenant}' and s.tenant_id = '${tenant}' and p.full_name = 'Vet Two'`,
      'VET_DOES_NOT_OFFER',
    ],
    [(tenant: string) => `update tenants set book_lead_minutes = 43200 where id = '${tenant}'`, 'TOO_SOON'],
    [(tenant: string) => `update services set price = 1 where tenant_id = '${tenant}'`, 'SERVICE_CHANGED'],
    [(tenant: string) => `update services set booking = 'desk' where tenant_id = '${tenant}'`, 'DESK_ONLY'],
  ] as const) {
    const clinic = await newClinic(db.admin)
    const outcome = await interleave(db, {
      // everybody with a calendar, as a closed day locks them
      hold: `select from profiles where tenant_id = '${clinic.tenant}' and role in ('vet', 'admin')
        order by tenant_id, id for no key update`,
      call: (client) => book(client, user(clinic.owner), booking(clinic, { p_expected: { price: 150_000 } })),
      whileWaiting: whileWaiting(clinic.tenant),
    })
    expect(codeOf(outcome)).toBe(code)
  }
})

test('a closed day waits for a booking that runs, so that the list of what it strands misses none', async () => {
  const clinic = await newClinic(db.admin)
  const outcome = await interleave(db, {
    hold: `select set_config('request.jwt.claims', '{"sub":"${clinic.owner}"}', true);
      select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${at(3, '10:00')}')`,
    call: (client) =>
      call(client, user(clinic.receptionist), 'add_clinic_closure', {
        p_tenant_id: clinic.tenant,
        p_from: at(3, '00:00').slice(0, 10),
        p_to: at(4, '00:00').slice(0, 10),
        p_name: 'Feriado',
      }),
    whileWaiting: 'select 1',
  })
  expect(outcome).toMatchObject({ success: true, replayed: false })
})
