import { describe, expect, test } from 'vitest'
import {
  backend,
  book,
  changeStatus,
  mergeCart,
  type Outcome,
  reschedule,
  setCartItem,
  user,
  word,
} from './support/calls.ts'
import { at, booked, booking, type Clinic, fromNow, inserted, newClinic, setHours } from './support/clinic.ts'
import { fileDatabase } from './support/database.ts'
import { type Interleaving, interleave } from './support/waiting.ts'

// What was read before a wait is a guess: each of these changes the world while the call waits for its lock.

const db = await fileDatabase()

const lockVet = (clinic: Clinic, vet = clinic.vet) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id = '${vet}' for no key update`
const setProfile = (clinic: Clinic, id: string, change: string) =>
  `update profiles set ${change} where tenant_id = '${clinic.tenant}' and id = '${id}'`
const appointments = (clinic: Clinic) =>
  db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant])

describe('a booking that waits for the vet', () => {
  const waits = (
    clinic: Clinic,
    actor: string,
    meanwhile: string,
    change: Parameters<typeof booking>[1] = {},
  ) =>
    interleave(db, {
      hold: lockVet(clinic),
      call: (client) => book(client, user(actor), booking(clinic, change)),
      meanwhile,
    })
  const refused = async (clinic: Clinic, outcome: Promise<Outcome>, code: string, rows = 0) => {
    expect(word(await outcome)).toBe(code)
    expect(await appointments(clinic)).toBe(rows)
  }

  test('by staff who are demoted, or deleted: PET_NOT_FOUND', async () => {
    for (const change of [`role = 'owner'`, 'deleted_at = now()']) {
      const clinic = await newClinic(db.admin)
      const meanwhile = setProfile(clinic, clinic.receptionist, change)
      await refused(clinic, waits(clinic, clinic.receptionist, meanwhile), 'PET_NOT_FOUND')
    }
  })

  test('by an owner who is deleted, whose pet is given away or retired: PET_NOT_FOUND', async () => {
    for (const meanwhile of [
      (c: Clinic) => setProfile(c, c.owner, 'deleted_at = now()'),
      (c: Clinic) =>
        `update pets set owner_id = '${c.otherOwner}' where tenant_id = '${c.tenant}' and id = '${c.pet}'`,
      (c: Clinic) => `update pets set deleted_at = now() where tenant_id = '${c.tenant}'`,
    ]) {
      const clinic = await newClinic(db.admin)
      await refused(clinic, waits(clinic, clinic.owner, meanwhile(clinic)), 'PET_NOT_FOUND')
    }
  })

  test('of a service that is withdrawn, and with a vet who is dismissed', async () => {
    const clinic = await newClinic(db.admin)
    const withdraw = `update services set is_active = false where tenant_id = '${clinic.tenant}'`
    await refused(clinic, waits(clinic, clinic.owner, withdraw), 'SERVICE_NOT_FOUND')
    for (const change of [`role = 'receptionist'`, 'deleted_at = now()']) {
      const other = await newClinic(db.admin)
      await refused(other, waits(other, other.owner, setProfile(other, other.vet, change)), 'VET_NOT_FOUND')
    }
  })

  test('while hours, time off or a rival come: the code that is true after the wait', async () => {
    const values = (c: Clinic) => `'${c.tenant}', '${c.vet}'`
    const hours = await newClinic(db.admin)
    const setSome = `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values (${values(hours)}, 1, '00:00', '00:01')`
    await refused(hours, waits(hours, hours.owner, setSome), 'OUTSIDE_HOURS')
    const away = await newClinic(db.admin)
    const leave = `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values (${values(away)}, '${at(3, '00:00')}', '${at(4, '00:00')}')`
    await refused(away, waits(away, away.owner, leave), 'VET_AWAY')
    const rival = await newClinic(db.admin)
    const take = `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values (${values(rival)}, '${rival.otherPet}', '${rival.service}', '${at(3, '10:15')}', '${at(3, '10:45')}')`
    await refused(rival, waits(rival, rival.owner, take), 'SLOT_UNAVAILABLE', 1)
  })

  test('until its time has passed: INVALID_TIME', async () => {
    const clinic = await newClinic(db.admin)
    const start = fromNow(0.02)
    const outcome = waits(clinic, clinic.owner, `select pg_sleep_until('${start}'), pg_sleep(0.01)`, {
      p_start_time: start,
    })
    await refused(clinic, outcome, 'INVALID_TIME')
  })

  test('behind its own twin: replayed', async () => {
    const clinic = await newClinic(db.admin)
    const first = await db.connect()
    await first.query('begin')
    const args = booking(clinic, { p_idempotency_key: 'twin', p_booked_by: clinic.owner })
    const outcome = await interleave(db, {
      hold: `${lockVet(clinic)}; select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${args.p_start_time}', p_booked_by => '${clinic.owner}', p_idempotency_key => 'twin')`,
      call: (client) => book(client, user(clinic.owner), args),
      meanwhile: 'select 1',
    })
    await first.end()
    expect(word(outcome)).toBe('replayed')
    expect(await appointments(clinic)).toBe(1)
  })

  test('the same key for another vet waits for no lock but finds the other: IDEMPOTENCY_KEY_REUSED', async () => {
    const clinic = await newClinic(db.admin)
    const outcome = await interleave(db, {
      hold: `select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.otherVet}', '${at(3, '10:00')}', p_booked_by => '${clinic.owner}', p_idempotency_key => 'k')`,
      call: (client) => book(client, user(clinic.owner), booking(clinic, { p_idempotency_key: 'k' })),
      meanwhile: 'select 1',
    })
    expect(word(outcome)).toBe('IDEMPOTENCY_KEY_REUSED')
    expect(await appointments(clinic)).toBe(1)
  })
})

describe('a move that waits', () => {
  type Options = { actor?: 'receptionist' | 'owner'; vet?: string; expected?: number; noticeMinutes?: number }
  const waits = async (
    clinic: Clinic,
    id: string,
    meanwhile: string,
    options: Options = {},
    hold = lockVet(clinic),
  ) =>
    word(
      await interleave(db, {
        hold,
        call: (client) => {
          const actor = clinic[options.actor ?? 'owner']
          return reschedule(client, user(actor), {
            p_appointment_id: id,
            p_new_start_time: at(6, '10:00'),
            p_performed_by: actor,
            p_is_staff: options.actor === 'receptionist',
            p_new_vet_id: options.vet ?? null,
            p_expected_version: options.expected ?? null,
          })
        },
        meanwhile,
      }),
    )
  const start = (id: string) =>
    db.value(`select start_time = $2 and vet_id is not null from appointments where id = $1`, [
      id,
      at(3, '10:00'),
    ])
  const change = (id: string, set: string) => `update appointments set ${set} where id = '${id}'`

  test('by staff who are demoted, an owner who is deleted or whose pet is given away: NOT_FOUND', async () => {
    for (const [actor, meanwhile] of [
      ['receptionist', (c: Clinic) => setProfile(c, c.receptionist, `role = 'owner'`)],
      ['receptionist', (c: Clinic) => setProfile(c, c.receptionist, 'deleted_at = now()')],
      ['owner', (c: Clinic) => setProfile(c, c.owner, 'deleted_at = now()')],
      [
        'owner',
        (c: Clinic) => `update pets set owner_id = '${c.otherOwner}' where tenant_id = '${c.tenant}'`,
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(await waits(clinic, id, meanwhile(clinic), { actor })).toBe('NOT_FOUND')
      expect(await start(id)).toBe(true)
    }
  })

  test('while the appointment is cancelled, moved, given to another vet, moved there already, or deleted', async () => {
    for (const [set, code, expected] of [
      [`status = 'cancelled'`, 'INVALID_STATUS', null],
      [`start_time = '${at(3, '12:00')}', end_time = '${at(3, '12:30')}'`, 'STALE_VERSION', 1],
      [`start_time = '${at(3, '12:00')}', end_time = '${at(3, '12:30')}'`, 'success', null],
      [`start_time = '${at(6, '10:00')}', end_time = '${at(6, '10:30')}'`, 'replayed', 1],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(await waits(clinic, id, change(id, set), expected === null ? {} : { expected }), set).toBe(code)
    }
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    expect(await waits(clinic, id, change(id, `vet_id = '${clinic.otherVet}'`))).toBe('STALE_VERSION')
    const gone = await newClinic(db.admin)
    const deleted = await booked(db.admin, gone)
    expect(await waits(gone, deleted, `delete from appointments where id = '${deleted}'`)).toBe('NOT_FOUND')
  })

  test('for the appointment’s own row, held by old code', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const held = change(id, `status = 'checked_in'`)
    expect(await waits(clinic, id, 'select 1', {}, held)).toBe('INVALID_STATUS')
  })

  test('for the vet it goes to: dismissed, away, or taken meanwhile', async () => {
    const values = (c: Clinic) => `'${c.tenant}', '${c.otherVet}'`
    for (const [meanwhile, code] of [
      [(c: Clinic) => setProfile(c, c.otherVet, `role = 'receptionist'`), 'VET_NOT_FOUND'],
      [
        (c: Clinic) =>
          `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values (${values(c)}, '${at(6, '00:00')}', '${at(7, '00:00')}')`,
        'VET_AWAY',
      ],
      [
        (c: Clinic) =>
          `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values (${values(c)}, '${c.otherPet}', '${c.service}', '${at(6, '10:29')}', '${at(6, '11:00')}')`,
        'SLOT_UNAVAILABLE',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      const outcome = waits(
        clinic,
        id,
        meanwhile(clinic),
        { vet: clinic.otherVet },
        lockVet(clinic, clinic.otherVet),
      )
      expect(await outcome).toBe(code)
      expect(await start(id)).toBe(true)
    }
  })

  test('while the clinic asks for more notice: TOO_LATE', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const more = `update tenants set change_notice_minutes = 43200 where id = '${clinic.tenant}'`
    expect(await waits(clinic, id, more)).toBe('TOO_LATE')
    expect(await start(id)).toBe(true)
  })
})

describe('a status change that waits', () => {
  const waits = async (clinic: Clinic, id: string, to: string, interleaving: Omit<Interleaving, 'call'>) =>
    word(
      await interleave(db, {
        ...interleaving,
        call: (client) =>
          changeStatus(client, user(clinic.receptionist), {
            p_appointment_id: id,
            p_new_status: to,
            p_performed_by: clinic.receptionist,
            p_is_staff: true,
          }),
      }),
    )
  const lockRow = (id: string) => `select from appointments where id = '${id}' for update`

  test('for the row: staff demoted, status changed, changed to the same', async () => {
    for (const [meanwhile, code] of [
      [(c: Clinic) => setProfile(c, c.receptionist, `role = 'owner'`), 'NOT_FOUND'],
      [
        (c: Clinic) => `update appointments set status = 'cancelled' where tenant_id = '${c.tenant}'`,
        'INVALID_TRANSITION',
      ],
      [
        (c: Clinic) => `update appointments set status = 'confirmed' where tenant_id = '${c.tenant}'`,
        'replayed',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(await waits(clinic, id, 'confirmed', { hold: lockRow(id), meanwhile: meanwhile(clinic) })).toBe(
        code,
      )
    }
  })

  test('a late no-show waits for the vet and sees who took the slot, or that the vet is another now', async () => {
    for (const [meanwhile, code] of [
      [
        (c: Clinic) =>
          `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values ('${c.tenant}', '${c.vet}', '${c.otherPet}', '${c.service}', now() - interval '5 minutes', now() + interval '5 minutes')`,
        'SLOT_UNAVAILABLE',
      ],
      [
        (c: Clinic) =>
          `update appointments set vet_id = '${c.otherVet}' where tenant_id = '${c.tenant}' and vet_id = '${c.vet}'`,
        'STALE_VERSION',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await inserted(db.admin, clinic, fromNow(-10), { status: 'no_show' })
      const interleaving = { hold: lockVet(clinic), meanwhile: meanwhile(clinic) }
      expect(await waits(clinic, id, 'checked_in', interleaving)).toBe(code)
    }
  })
})

describe('a cart that waits for its row', () => {
  const lockCart = (c: Clinic) =>
    `insert into carts (tenant_id, customer_id) values ('${c.tenant}', '${c.owner}') on conflict (tenant_id, customer_id) do update set updated_at = now()`
  const line = (c: Clinic) => [{ type: 'product', id: c.product, quantity: 2 }]
  const merge = (c: Clinic, meanwhile: string) =>
    interleave(db, {
      hold: lockCart(c),
      call: (client) =>
        mergeCart(client, user(c.owner), {
          p_customer_id: c.owner,
          p_tenant_id: c.tenant,
          p_items: line(c),
        }),
      meanwhile,
    })

  test('the first merge waits too: for a cart that is only being made', async () => {
    const clinic = await newClinic(db.admin)
    const other = `insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity) values ('${clinic.tenant}', '${clinic.owner}', 'service', '${clinic.service}', 3)`
    expect(await merge(clinic, other)).toMatchObject({ success: true, item_count: 2 })
  })

  test('of a customer who is deleted, of an item that is withdrawn', async () => {
    const clinic = await newClinic(db.admin)
    expect(word(await merge(clinic, setProfile(clinic, clinic.owner, 'deleted_at = now()')))).toBe(
      'CUSTOMER_NOT_FOUND',
    )
    const other = await newClinic(db.admin)
    const withdraw = `update store_products set is_active = false where tenant_id = '${other.tenant}'`
    expect(await merge(other, withdraw)).toMatchObject({
      success: true,
      item_count: 0,
      changes: { rejected: [{ id: other.product }] },
    })
    const third = await newClinic(db.admin)
    const outcome = await interleave(db, {
      hold: lockCart(third),
      call: (client) =>
        setCartItem(client, user(third.owner), {
          p_customer_id: third.owner,
          p_tenant_id: third.tenant,
          p_type: 'product',
          p_id: third.product,
          p_quantity: 1,
        }),
      meanwhile: `update store_products set deleted_at = now() where tenant_id = '${third.tenant}'`,
    })
    expect(word(outcome)).toBe('ITEM_NOT_FOUND')
  })
})

describe('what does not wait', () => {
  test('another vet’s booking, and a foreign key’s check of the locked vet', async () => {
    const clinic = await newClinic(db.admin)
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '2s'`)
    const elsewhere = booking(clinic, { p_vet_id: clinic.otherVet, p_booked_by: clinic.vet })
    // booked by the locked vet: created_by refers to the locked row
    expect(word(await book(other, backend, elsewhere))).toBe('success')
    await other.query(
      `insert into carts (tenant_id, customer_id) values ('${clinic.tenant}', '${clinic.vet}')`,
    )
    await holder.end()
    await other.end()
  })

  test('a hopeless request: it takes no lock', async () => {
    const clinic = await newClinic(db.admin)
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '2s'`)
    expect(word(await book(other, user(clinic.otherOwner), booking(clinic)))).toBe('PET_NOT_FOUND')
    expect(word(await book(other, user(clinic.owner), booking(clinic, { p_start_time: fromNow(-9) })))).toBe(
      'INVALID_TIME',
    )
    await holder.end()
    await other.end()
  })

  test('time off, hours and a plain insert do wait for the vet', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, [[1, '08:00', '09:00']])
    const id = await inserted(db.admin, clinic, at(9, '10:00'))
    await db.rows(
      'insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ($1, $2, $3, $4)',
      [clinic.tenant, clinic.vet, at(20, '10:00'), at(21, '10:00')],
    )
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '50ms'`)
    const key = `tenant_id = '${clinic.tenant}'`
    for (const statement of [
      `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values ('${clinic.tenant}', '${clinic.vet}', '${clinic.pet}', '${clinic.service}', '${at(8, '10:00')}', '${at(8, '10:30')}')`,
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ('${clinic.tenant}', '${clinic.vet}', '${at(8, '10:00')}', '${at(8, '10:30')}')`,
      `update vet_time_off set reason = 'x' where ${key}`,
      `delete from vet_time_off where ${key}`,
      `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ('${clinic.tenant}', '${clinic.vet}', 2, '08:00', '09:00')`,
      `update vet_hours set closes = '10:00' where ${key}`,
      `delete from vet_hours where ${key}`,
    ])
      await expect(other.query(statement), statement).rejects.toMatchObject({ code: '55P03' })
    // a plain update of an appointment does not: it would wait the other way round than the functions do
    await other.query(`update appointments set status = 'confirmed' where id = '${id}'`)
    await holder.end()
    await other.end()
  })
})
