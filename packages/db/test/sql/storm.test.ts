import {
  backend,
  book,
  changeStatus,
  codeOf,
  mergeCart,
  type Outcome,
  reschedule,
  textOf,
  user,
} from '@vetcita/testing/sql/calls'
import { at } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { type Ledger, noViolations, violations } from '@vetcita/testing/sql/invariants'
import pg from 'pg'
import { expect, test } from 'vitest'
import { populate } from './support/population.ts'
import { type Random, random } from './support/random.ts'

// Everything at once on three vets and two days: bookings, moves that swap vets, status changes, time off, carts, and
// the plain inserts of old code. Nothing may deadlock, and the invariants must hold afterwards.

const db = await fileDatabase()
const workers = 20
const steps = 60
const expectedCodes = new Set([
  'success',
  'replayed',
  'SLOT_UNAVAILABLE',
  'PET_BUSY',
  'VET_AWAY',
  'INVALID_STATUS',
  'INVALID_TRANSITION',
  'TOO_EARLY',
  'STALE_VERSION',
  'IDEMPOTENCY_KEY_REUSED',
])

type TimeOff = { tenantId: string; id: string; committedAt: Date; inside: ReadonlySet<string> }

test('concurrent writes of every kind cause no deadlock, error or violation', {
  timeout: 180_000,
}, async () => {
  const seed = Number(process.env.STORM_SEED ?? Date.now() % 1_000_000)
  const { clinic, owners, vets } = await populate(db.admin, 30, 3)
  const appointmentIds: string[] = []
  const cartLines = new Map<string, Ledger['cartLines'][number]>()
  const timeOff: TimeOff[] = []
  const codes: Record<string, number> = {}
  const deadlocks = () =>
    db.value('select deadlocks::int from pg_stat_database where datname = current_database()')
  const before = await deadlocks()

  const slot = (dice: Random) =>
    at(5 + dice.below(2), `${8 + dice.below(9)}:${String(dice.below(4) * 15).padStart(2, '0')}`)

  const count = (outcome: Outcome) => {
    const code = codeOf(outcome)
    codes[code] = (codes[code] ?? 0) + 1
    expect(expectedCodes, JSON.stringify(outcome)).toContain(code)
    return outcome
  }

  const bookOne = async (client: pg.Client, dice: Random) => {
    const { owner, pet } = dice.pick(owners)
    const staff = dice.below(3) === 0
    const outcome = count(
      await book(client, staff ? user(clinic.receptionist) : user(owner), {
        p_tenant_id: clinic.tenant,
        p_pet_id: pet,
        p_service_id: clinic.service,
        p_vet_id: dice.pick(vets),
        p_start_time: slot(dice),
        p_duration_minutes: staff ? 15 * (1 + dice.below(6)) : null,
        p_idempotency_key: dice.below(2) === 0 ? `k${dice.below(200)}` : null,
      }),
    )
    if (outcome.success) appointmentIds.push(textOf(outcome, 'appointment_id'))
  }

  const moveOne = async (client: pg.Client, dice: Random) => {
    if (appointmentIds.length === 0) return
    count(
      await reschedule(client, backend, {
        p_appointment_id: dice.pick(appointmentIds),
        p_new_start_time: slot(dice),
        p_performed_by: clinic.admin,
        p_is_staff: true,
        p_new_vet_id: dice.below(4) === 0 ? null : dice.pick(vets),
        p_expected_version: dice.below(4) === 0 ? 1 + dice.below(3) : null,
      }),
    )
  }

  const changeOne = async (client: pg.Client, dice: Random) => {
    if (appointmentIds.length === 0) return
    count(
      await changeStatus(client, user(clinic.vet), {
        p_appointment_id: dice.pick(appointmentIds),
        p_new_status: dice.pick(['confirmed', 'cancelled', 'cancelled', 'checked_in', 'in_progress']),
        p_performed_by: clinic.vet,
        p_is_staff: true,
      }),
    )
  }

  const leaveOnce = async (client: pg.Client, dice: Random) => {
    const vet = dice.pick(vets)
    const start = slot(dice)
    await client.query('begin')
    const made = await client.query<{ id: string }>(
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time)
       values ($1, $2, $3, $3::timestamptz + interval '30 minutes') returning id`,
      [clinic.tenant, vet, start],
    )
    // a user who enters time off sees the appointments within it; the list must still be complete at commit
    const inside = await client.query<{ place: string }>(
      `select id || ' ' || start_time as place from appointments
       where tenant_id = $1 and vet_id = $2 and start_time < $3::timestamptz + interval '30 minutes' and busy_until > $3`,
      [clinic.tenant, vet, start],
    )
    await client.query('commit')
    const clock = await client.query<{ now: Date }>('select clock_timestamp() as now')
    timeOff.push({
      tenantId: clinic.tenant,
      id: made.rows[0]?.id ?? '',
      committedAt: clock.rows[0]?.now ?? new Date(),
      inside: new Set(inside.rows.map(({ place }) => place)),
    })
  }

  const endLeave = async (client: pg.Client, dice: Random) => {
    if (timeOff.length > 4)
      await client.query('delete from vet_time_off where tenant_id = $1 and id = $2', [
        clinic.tenant,
        timeOff.splice(dice.below(timeOff.length), 1)[0]?.id,
      ])
  }

  /** Inserts as old code does: a plain insert, which the constraint may refuse. */
  const insertPlainly = async (client: pg.Client, dice: Random) => {
    const start = slot(dice)
    try {
      await client.query(
        `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
         values ($1, $2, $3, $4, $5, $5::timestamptz + interval '30 minutes', 'scheduled')`,
        [clinic.tenant, dice.pick(owners).pet, clinic.service, dice.pick(vets), start],
      )
      codes.inserted = (codes.inserted ?? 0) + 1
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '23P01') throw error
      codes['23P01'] = (codes['23P01'] ?? 0) + 1
    }
  }

  const mergeOne = async (client: pg.Client, dice: Random) => {
    const { owner } = dice.pick(owners)
    const quantity = 1 + dice.below(99)
    const type = dice.pick(['product', 'service'] as const)
    const id = type === 'product' ? clinic.product : clinic.service
    const outcome = await mergeCart(client, user(owner), {
      p_customer_id: owner,
      p_tenant_id: clinic.tenant,
      p_new_items: [{ type, id, quantity }],
    })
    expect(outcome.success).toBe(true)
    const key = `${owner} ${id}`
    if (quantity > (cartLines.get(key)?.quantity ?? 0))
      cartLines.set(key, { tenantId: clinic.tenant, customerId: owner, type, id, quantity })
  }

  const storm = [
    bookOne,
    bookOne,
    bookOne,
    bookOne,
    moveOne,
    moveOne,
    moveOne,
    changeOne,
    leaveOnce,
    endLeave,
    insertPlainly,
    insertPlainly,
    mergeOne,
  ]
  const clients = await db.connectMany(workers)
  await Promise.all(
    clients.map(async (client, worker) => {
      const dice = random(seed * 1000 + worker)
      for (let step = 0; step < steps; step++) await dice.pick(storm)(client, dice)
    }),
  )

  const note = `seed ${seed}: ${JSON.stringify(codes)}`
  // prove that the storm exercised every kind of conflict
  for (const code of ['success', 'SLOT_UNAVAILABLE', 'VET_AWAY', 'inserted', '23P01'])
    expect(codes[code] ?? 0, note).toBeGreaterThan(0)
  const ledger = { appointmentIds, cartLines: [...cartLines.values()], timeOff }
  expect(await violations(db.admin, ledger), note).toEqual(noViolations)
  for (const leave of timeOff) {
    const now = await db.rows(
      `select a.id || ' ' || a.start_time as place
       from vet_time_off o join appointments a on a.tenant_id = o.tenant_id and a.vet_id = o.vet_id
         and a.start_time < o.end_time and a.busy_until > o.start_time
       where o.id = $1 and a.status not in ('cancelled', 'no_show') and a.created_by is not null`,
      [leave.id],
    )
    for (const { place } of now) expect(leave.inside, note).toContain(place)
  }
  expect(await deadlocks(), note).toBe(before)
})

test('moves that swap vets in opposite directions never deadlock', async () => {
  const { clinic, owners, vets } = await populate(db.admin, 2, 2)
  const clients = await db.connectMany(2)
  const ids: string[] = []
  for (const [index, { owner, pet }] of owners.entries()) {
    const outcome = await book(db.admin, user(owner), {
      p_tenant_id: clinic.tenant,
      p_pet_id: pet,
      p_service_id: clinic.service,
      p_vet_id: vets[index] ?? '',
      p_start_time: at(20, '08:00'),
    })
    ids.push(textOf(outcome, 'appointment_id'))
  }
  const codes: string[] = []
  for (let round = 0; round < 40; round++) {
    const outcomes = await Promise.all(
      clients.map((client, index) =>
        reschedule(client, backend, {
          p_appointment_id: ids[index] ?? '',
          p_new_start_time: at(20, `${10 + index}:${String(round % 30).padStart(2, '0')}`),
          p_performed_by: clinic.admin,
          p_is_staff: true,
          p_new_vet_id: vets[(index + round + 1) % 2] ?? '',
        }),
      ),
    )
    codes.push(...outcomes.map(codeOf))
  }
  expect(codes.every((code) => code === 'success')).toBe(true)
})
