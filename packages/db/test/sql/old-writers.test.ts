import { book, codeOf, reschedule, user } from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  inserted,
  newClinic,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { populate } from './support/population.ts'
import { random } from './support/random.ts'

// Clients that do not know the functions keep working: the tables' owner and backends, with plain inserts and updates.

const db = await fileDatabase()

const plainInsert = (clinic: Clinic, start: string, client: pg.Client = db.admin) =>
  client.query<{ id: string }>(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
     values ($1, $2, $3, $4, $5, $5::timestamptz + interval '30 minutes', 'scheduled') returning id`,
    [clinic.tenant, clinic.pet, clinic.service, clinic.vet, start],
  )
const events = (id: string) =>
  db.rows('select event, actor_id, details from appointment_events where appointment_id = $1 order by at', [
    id,
  ])

describe('a plain insert that names tenant, pet, service, vet, start, end and status', () => {
  test('works for the tables’ owner and service_role: busy until the end, version 1, one event', async () => {
    for (const role of ['none', 'service_role']) {
      const clinic = await newClinic(db.admin, { bufferMinutes: 15 })
      const owner = await db.connect(db.scratch.ownerUrl)
      if (role === 'service_role') await db.admin.query('set role service_role')
      const result = await plainInsert(clinic, at(3, '10:00'), role === 'none' ? owner : db.admin)
      await db.admin.query('reset role')
      const id = result.rows[0]?.id ?? ''
      expect(await appointment(db.admin, id)).toMatchObject({
        busy_until: new Date(at(3, '10:30')),
        version: 1,
        status: 'scheduled',
        created_by: null,
      })
      expect(await events(id)).toMatchObject([{ event: 'booked', actor_id: null }])
    }
  })

  test('occupies its slot for the functions, and is refused by the constraint if they were first', async () => {
    const clinic = await newClinic(db.admin)
    await plainInsert(clinic, at(3, '10:00'))
    const other = booking(clinic, { p_pet_id: clinic.otherPet })
    expect(codeOf(await book(db.admin, user(clinic.otherOwner), other))).toBe('SLOT_UNAVAILABLE')
    await booked(db.admin, clinic, { p_start_time: at(3, '12:00') })
    expect(await sqlState(plainInsert(clinic, at(3, '12:15')))).toBe('23P01')
  })

  test('cannot refer to another tenant’s pet, service or vet', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    for (const change of [{ pet: elsewhere.pet }, { service: elsewhere.service }, { vet: elsewhere.vet }])
      expect(await sqlState(plainInsert({ ...clinic, ...change }, at(3, '10:00')))).toBe('23503')
  })

  test('must satisfy the table’s checks', async () => {
    const clinic = await newClinic(db.admin)
    const insert = (end: string, busy: string | null = null, status = 'scheduled') =>
      sqlState(
        db.rows(
          `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [clinic.tenant, clinic.pet, clinic.service, clinic.vet, at(3, '10:00'), end, busy, status],
        ),
      )
    expect(await insert(at(3, '10:00'))).toBe('23514')
    expect(await insert(at(3, '09:00'))).toBe('23514')
    expect(await insert(at(3, '10:30'), at(3, '10:29'))).toBe('23514')
    expect(await insert(at(4, '10:01'))).toBe('23514')
    expect(await insert('infinity')).toBe('23514')
    expect(await insert(at(3, '10:30'), null, 'planned')).toBe('23514')
    expect(await insert(at(4, '10:00'))).toBe('none')
  })
})

describe('a plain update', () => {
  test('of start and end keeps the buffer, raises the version and records one event', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 15 })
    const id = await booked(db.admin, clinic)
    await db.rows('update appointments set start_time = $2, end_time = $3 where id = $1', [
      id,
      at(4, '11:00'),
      at(4, '12:00'),
    ])
    expect(await appointment(db.admin, id)).toMatchObject({
      busy_until: new Date(at(4, '12:15')),
      version: 2,
    })
    expect((await events(id)).map(({ event }) => event)).toEqual(['booked', 'rescheduled'])
  })

  test('of only busy_until or the notes changes neither version nor events; the end is an edit', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 15 })
    const id = await booked(db.admin, clinic)
    await db.rows('update appointments set busy_until = $2 where id = $1', [id, at(3, '11:00')])
    expect(await appointment(db.admin, id)).toMatchObject({ busy_until: new Date(at(3, '11:00')) })
    await db.rows(`update appointments set notes = 'x' where id = $1`, [id])
    expect(await appointment(db.admin, id)).toMatchObject({ version: 1, notes: 'x' })
    expect(await events(id)).toHaveLength(1)
    await db.rows('update appointments set end_time = $2 where id = $1', [id, at(3, '11:00')])
    expect(await appointment(db.admin, id)).toMatchObject({
      busy_until: new Date(at(3, '11:30')),
      version: 2,
    })
    expect((await events(id)).map(({ event }) => event)).toEqual(['booked', 'edited'])
  })

  test('cannot set the version', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    await db.rows(`update appointments set version = 9, status = 'confirmed' where id = $1`, [id])
    expect((await appointment(db.admin, id)).version).toBe(2)
    await db.rows('update appointments set version = 1 where id = $1', [id])
    expect((await appointment(db.admin, id)).version).toBe(2)
  })

  test('records the claims’ user as the actor', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    await db.admin.query('begin')
    await db.rows(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify({ sub: clinic.vet })])
    await db.rows(`update appointments set status = 'cancelled' where id = $1`, [id])
    await db.admin.query('commit')
    expect((await events(id)).at(-1)).toMatchObject({
      event: 'status_changed',
      actor_id: clinic.vet,
      details: { from: { status: 'scheduled' }, to: { status: 'cancelled' } },
    })
  })

  test('to a taken slot is refused by the constraint', async () => {
    const clinic = await newClinic(db.admin)
    await booked(db.admin, clinic)
    const id = await inserted(db.admin, clinic, at(3, '12:00'))
    const update = db.rows('update appointments set start_time = $2, end_time = $3 where id = $1', [
      id,
      at(3, '10:15'),
      at(3, '10:45'),
    ])
    expect(await sqlState(update)).toBe('23P01')
  })
})

test('in a race between plain updates and the functions the constraint decides, without unexpected errors', async () => {
  const { clinic, owners, vets } = await populate(db.admin, 10, 2)
  const ids: string[] = []
  for (const [index, { pet, owner }] of owners.entries())
    ids.push(
      await booked(db.admin, clinic, {
        p_pet_id: pet,
        p_booked_by: owner,
        p_vet_id: vets[index % 2] ?? '',
        p_start_time: at(5, `${8 + index}:00`),
      }),
    )
  const clients = await db.connectMany(10)
  const seen = new Set<string>()
  const slot = (dice: ReturnType<typeof random>) => [6, 8 + dice.below(3), dice.pick(['00', '15'])] as const
  await Promise.all(
    clients.map(async (client, worker) => {
      const dice = random(worker)
      for (let step = 0; step < 30; step++) {
        const [day, hour, minutes] = slot(dice)
        const start = at(day, `${hour}:${minutes}`)
        if (worker % 2 === 0) {
          seen.add(
            await sqlState(
              client.query(
                `update appointments set start_time = $2, end_time = $2::timestamptz + (end_time - start_time) where id = $1`,
                [dice.pick(ids), start],
              ),
            ),
          )
        } else {
          const state = await sqlState(
            reschedule(client, user(clinic.admin), {
              p_appointment_id: dice.pick(ids),
              p_new_start_time: start,
              p_performed_by: clinic.admin,
              p_is_staff: true,
              p_new_vet_id: dice.pick(vets),
            }),
          )
          seen.add(state)
        }
      }
    }),
  )
  // if one of two writers takes no lock, they may deadlock on the constraint; PostgreSQL ends one with a retryable error
  expect([...seen].filter((state) => !['none', '23P01', '40P01'].includes(state))).toEqual([])
  expect(seen).toContain('none')
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('under repeatable read and serializable the constraint decides', async () => {
  for (const level of ['repeatable read', 'serializable']) {
    const clinic = await newClinic(db.admin)
    const clients = await db.connectMany(10)
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query('select from profiles where tenant_id = $1 and id = $2 for no key update', [
      clinic.tenant,
      clinic.vet,
    ])
    const answers = clients.map(async (client) => {
      await client.query(`begin isolation level ${level}`)
      const state = await sqlState(inserted(client, clinic, at(3, '10:00')))
      await client.query(state === 'none' ? 'commit' : 'rollback')
      return state
    })
    // every snapshot is older than every insert
    while (
      Number(
        await db.value(
          `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      ) < 10
    );
    await holder.query('commit')
    const states = await Promise.all(answers)
    expect(states.filter((state) => state === 'none')).toHaveLength(1)
    expect(states.filter((state) => !['none', '23P01', '40001'].includes(state))).toEqual([])
    expect(await violations(db.admin)).toEqual(noViolations)
  }
})

test('a deadlock reaches the caller with its SQLSTATE', async () => {
  const clinic = await newClinic(db.admin)
  const [one, two] = [await db.connect(), await db.connect()]
  const lock = (client: pg.Client, vet: string) =>
    client.query('select from profiles where tenant_id = $1 and id = $2 for no key update', [
      clinic.tenant,
      vet,
    ])
  await one.query('begin')
  await two.query('begin')
  await lock(one, clinic.vet)
  await lock(two, clinic.otherVet)
  const states = await Promise.all([
    sqlState(
      one.query(
        `select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.otherVet}', '${at(3, '10:00')}')`,
      ),
    ).then(async (state) => {
      await one.query('rollback')
      return state
    }),
    sqlState(
      two.query(
        `select book_appointment_atomic('${clinic.tenant}', '${clinic.otherPet}', '${clinic.service}', '${clinic.vet}', '${at(3, '10:00')}')`,
      ),
    ).then(async (state) => {
      await two.query('rollback')
      return state
    }),
  ])
  expect(states.sort()).toEqual(['40P01', 'none'])
})
