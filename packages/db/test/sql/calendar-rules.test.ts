import {
  backend,
  book,
  call,
  changeStatus,
  codeOf,
  reschedule,
  textOf,
  user,
} from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  fromNow,
  inserted,
  newClinic,
  setHours,
  takeTimeOff,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { slotsOf } from '@vetcita/testing/sql/slots'
import { describe, expect, test } from 'vitest'

// What a clinic means by "free": who, what and which code. The races of these rules are in calendar-rule-races.test.ts.

const db = await fileDatabase()

const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, '00:00', '24:00'] as const)
const setRules = (clinic: Clinic, rules: string) =>
  db.rows(`update tenants set ${rules} where id = $1`, [clinic.tenant])
const setService = (clinic: Clinic, change: string) =>
  db.rows(`update services set ${change} where tenant_id = $1`, [clinic.tenant])
const tries = async (clinic: Clinic, who: string, change: Parameters<typeof booking>[1] = {}) =>
  codeOf(await book(db.admin, user(who), booking(clinic, change)))
const detailsOf = async (id: string) =>
  (
    await db.rows('select event, details from appointment_events where appointment_id = $1 order by at', [id])
  ).at(-1)

describe('a pet is in one place', () => {
  test('PET_BUSY while another appointment of it overlaps; its vet’s buffer does not count', async () => {
    const clinic = await newClinic(db.admin, { bufferMinutes: 30 })
    await booked(db.admin, clinic)
    // another pet's is another matter
    await booked(db.admin, clinic, {
      p_pet_id: clinic.otherPet,
      p_start_time: at(3, '09:20'),
      p_vet_id: clinic.admin,
    })
    const elsewhere = { p_vet_id: clinic.otherVet }
    for (const time of ['10:00', '10:29', '09:31'])
      expect(await tries(clinic, clinic.owner, { ...elsewhere, p_start_time: at(3, time) })).toBe('PET_BUSY')
    expect(await tries(clinic, clinic.owner, { ...elsewhere, p_start_time: at(3, '10:30') })).toBe('success')
  })

  test('a move keeps it, and is not in its own way', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    await booked(db.admin, clinic, { p_start_time: at(3, '12:00'), p_vet_id: clinic.otherVet })
    const move = async (time: string) =>
      codeOf(
        await reschedule(db.admin, user(clinic.owner), {
          p_appointment_id: id,
          p_new_start_time: at(3, time),
          p_performed_by: clinic.owner,
        }),
      )
    expect(await move('11:45')).toBe('PET_BUSY')
    expect(await move('10:15')).toBe('success')
  })

  test('staff may set it aside, and the event says so; nobody else may', async () => {
    const clinic = await newClinic(db.admin)
    await booked(db.admin, clinic)
    const args = booking(clinic, { p_vet_id: clinic.otherVet, p_overrides: '{pet_busy,closed}' })
    expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('FORBIDDEN')
    const id = textOf(await book(db.admin, user(clinic.receptionist), args), 'appointment_id')
    // only what was in the way
    expect(await detailsOf(id)).toMatchObject({ event: 'booked', details: { overrides: ['pet_busy'] } })
    expect(await appointment(db.admin, id)).toMatchObject({ overrides: ['pet_busy'], squeeze_in: false })
    expect(await sqlState(book(db.admin, backend, { ...args, p_overrides: '{hours}' }))).toBe('22023')
  })
})

describe('no one takes everything', () => {
  test('LIMIT_REACHED counts an owner’s open appointments; moves and staff are free of it', async () => {
    const clinic = await newClinic(db.admin)
    await setRules(clinic, 'max_open_appointments = 2')
    const first = await booked(db.admin, clinic, { p_start_time: at(4, '10:00') })
    await booked(db.admin, clinic, { p_start_time: at(5, '10:00') })
    expect(await tries(clinic, clinic.owner)).toBe('LIMIT_REACHED')
    expect(await tries(clinic, clinic.otherOwner, { p_pet_id: clinic.otherPet })).toBe('success')
    const mover = { p_appointment_id: first, p_performed_by: clinic.owner }
    expect(
      codeOf(await reschedule(db.admin, user(clinic.owner), { ...mover, p_new_start_time: at(4, '15:00') })),
    ).toBe('success')
    expect(await tries(clinic, clinic.receptionist, { p_start_time: at(6, '10:00') })).toBe('success')
    await changeStatus(db.admin, user(clinic.owner), { ...mover, p_new_status: 'cancelled' })
    await setRules(clinic, 'max_open_appointments = 3')
    expect(await tries(clinic, clinic.owner, { p_start_time: at(7, '10:00') })).toBe('success')
    expect(await tries(clinic, clinic.owner, { p_start_time: at(8, '10:00') })).toBe('LIMIT_REACHED')
    await setRules(clinic, 'max_open_appointments = null')
    expect(await tries(clinic, clinic.owner, { p_start_time: at(8, '10:00') })).toBe('success')
  })

  test('an address that is not confirmed may hold one, where the clinic asks for it', async () => {
    const clinic = await newClinic(db.admin)
    const confirm = (isConfirmed: boolean) =>
      db.rows(
        `insert into login."user" (id, name, email, email_verified) values ($1::uuid, 'Ana', $1::text || '@example.test', $2)
         on conflict (id) do update set email_verified = excluded.email_verified`,
        [clinic.owner, isConfirmed],
      )
    await confirm(false)
    await booked(db.admin, clinic, { p_start_time: at(4, '10:00') })
    await booked(db.admin, clinic, { p_start_time: at(5, '10:00') })
    await setRules(clinic, 'limit_unconfirmed = true')
    expect(await tries(clinic, clinic.owner)).toBe('LIMIT_REACHED')
    await confirm(true)
    expect(await tries(clinic, clinic.owner)).toBe('success')
  })
})

describe('lead, horizon and grace', () => {
  test('TOO_SOON and TOO_FAR are for owners; the horizon counts whole days of the clinic', async () => {
    const clinic = await newClinic(db.admin)
    await setRules(clinic, 'book_lead_minutes = 120, book_horizon_days = 5')
    expect(await tries(clinic, clinic.owner, { p_start_time: fromNow(119) })).toBe('TOO_SOON')
    expect(await tries(clinic, clinic.receptionist, { p_start_time: fromNow(119) })).toBe('success')
    expect(await tries(clinic, clinic.owner, { p_start_time: at(5, '23:59') })).toBe('success')
    expect(await tries(clinic, clinic.owner, { p_start_time: at(6, '00:00') })).toBe('TOO_FAR')
    expect(await tries(clinic, clinic.receptionist, { p_start_time: at(900, '10:00') })).toBe('success')
    const id = await booked(db.admin, clinic, { p_start_time: at(4, '10:00') })
    const move = async (actor: string, start: string) =>
      codeOf(
        await reschedule(db.admin, user(actor), {
          p_appointment_id: id,
          p_new_start_time: start,
          p_performed_by: actor,
          p_is_staff: actor === clinic.receptionist,
        }),
      )
    expect(await move(clinic.owner, at(6, '10:00'))).toBe('TOO_FAR')
    expect(await move(clinic.owner, fromNow(60))).toBe('TOO_SOON')
    expect(await move(clinic.receptionist, at(20, '10:00'))).toBe('success')
  })

  test('inside the notice an owner may still cancel within the grace, and not after it', async () => {
    const clinic = await newClinic(db.admin, { noticeMinutes: 24 * 60 })
    await setRules(clinic, 'grace_minutes = 10')
    const id = await booked(db.admin, clinic, { p_start_time: fromNow(120) })
    const seen = async () =>
      (
        await db.rows('select owner_can_cancel, owner_can_move from appointment_states where id = $1', [id])
      )[0]
    const cancel = async () =>
      codeOf(
        await changeStatus(db.admin, user(clinic.owner), {
          p_appointment_id: id,
          p_new_status: 'cancelled',
          p_performed_by: clinic.owner,
        }),
      )
    expect(await seen()).toEqual({ owner_can_cancel: true, owner_can_move: false })
    await db.rows(`update appointments set created_at = now() - interval '11 minutes' where id = $1`, [id])
    expect(await seen()).toEqual({ owner_can_cancel: false, owner_can_move: false })
    expect(await cancel()).toBe('TOO_LATE')
    await db.rows(`update appointments set created_at = now() - interval '9 minutes' where id = $1`, [id])
    expect(await cancel()).toBe('success')
  })
})

describe('hours, services and closed days', () => {
  test('a vet without hours is closed to owners as soon as anybody keeps hours', async () => {
    const clinic = await newClinic(db.admin)
    expect(await tries(clinic, clinic.owner, { p_start_time: at(4, '03:07') })).toBe('success')
    await setHours(db.admin, clinic, [[1, '08:00', '12:00']], clinic.otherVet)
    expect(await tries(clinic, clinic.owner)).toBe('OUTSIDE_HOURS')
    expect(await tries(clinic, clinic.receptionist)).toBe('success')
  })

  test('VET_DOES_NOT_OFFER, and slots follow; a service without rows is done by everybody', async () => {
    const clinic = await newClinic(db.admin)
    for (const vet of [clinic.vet, clinic.otherVet]) await setHours(db.admin, clinic, everyDay, vet)
    const set = (vets: readonly string[], actor = clinic.admin) =>
      call(db.admin, user(actor), 'set_service_vets', {
        p_tenant_id: clinic.tenant,
        p_service_id: clinic.service,
        p_vet_ids: `{${vets.join(',')}}`,
      })
    const offered = async () =>
      new Set(
        (
          await slotsOf(db.admin, user(clinic.owner), clinic, {
            from: at(4, '00:00').slice(0, 10),
            to: at(4, '00:00').slice(0, 10),
          })
        ).map(({ vet }) => vet),
      )
    expect(codeOf(await set([clinic.otherVet], clinic.receptionist))).toBe('FORBIDDEN')
    expect(codeOf(await set([clinic.owner]))).toBe('VET_NOT_FOUND')
    expect(await set([clinic.otherVet])).toMatchObject({ success: true, vets: 1 })
    expect(await tries(clinic, clinic.owner)).toBe('VET_DOES_NOT_OFFER')
    expect(await tries(clinic, clinic.receptionist)).toBe('VET_DOES_NOT_OFFER')
    expect(await offered()).toEqual(new Set([clinic.otherVet]))
    expect(await tries(clinic, clinic.receptionist, { p_overrides: '{services}' })).toBe('success')
    expect(await set([])).toMatchObject({ success: true, vets: 0 })
    expect(await offered()).toEqual(new Set([clinic.vet, clinic.otherVet]))
  })

  test('CLINIC_CLOSED for every vet; staff enter, set aside and take back closed days, once for each key', async () => {
    const clinic = await newClinic(db.admin)
    for (const vet of [clinic.vet, clinic.otherVet]) await setHours(db.admin, clinic, everyDay, vet)
    const date = at(3, '00:00').slice(0, 10)
    const close = (key: string, actor = clinic.receptionist) =>
      call(db.admin, user(actor), 'add_clinic_closure', {
        p_tenant_id: clinic.tenant,
        p_from: `${date} 10:00`,
        p_to: `${date} 12:00`,
        p_name: 'Feriado',
        p_idempotency_key: key,
      })
    expect(codeOf(await close('k', clinic.owner))).toBe('FORBIDDEN')
    const closure = textOf(await close('k'), 'closure_id')
    expect(await close('k')).toMatchObject({ replayed: true, closure_id: closure })
    for (const vet of [clinic.vet, clinic.otherVet])
      expect(await tries(clinic, clinic.owner, { p_vet_id: vet })).toBe('CLINIC_CLOSED')
    const offered = (await slotsOf(db.admin, user(clinic.owner), clinic, { from: date, to: date })).map(
      ({ start }) => start,
    )
    expect(offered).toContain(at(3, '09:30'))
    expect(offered).toContain(at(3, '12:00'))
    expect(offered.filter((start) => start > at(3, '09:30') && start < at(3, '12:00'))).toEqual([])
    expect(await tries(clinic, clinic.receptionist)).toBe('CLINIC_CLOSED')
    expect(await tries(clinic, clinic.receptionist, { p_overrides: '{closed}' })).toBe('success')
    const open = () =>
      call(db.admin, user(clinic.receptionist), 'remove_clinic_closure', {
        p_tenant_id: clinic.tenant,
        p_closure_id: closure,
      })
    expect(await open()).toMatchObject({ success: true, replayed: false })
    expect(await open()).toMatchObject({ success: true, replayed: true })
    expect(await tries(clinic, clinic.owner, { p_start_time: at(3, '11:00') })).toBe('success')
  })
})

describe('what was agreed', () => {
  test('price, currency and name stay as booked; the answer and a replay tell them', async () => {
    const clinic = await newClinic(db.admin)
    const args = booking(clinic, { p_idempotency_key: 'k1' })
    const agreed = { duration_minutes: 30, price: 150_000, currency: 'PYG' }
    const outcome = await book(db.admin, user(clinic.owner), args)
    expect(outcome).toMatchObject(agreed)
    await setService(clinic, `price = 99, name = 'Otra', duration_minutes = 45`)
    await setRules(clinic, `currency = 'USD'`)
    expect(await book(db.admin, user(clinic.owner), args)).toMatchObject({ ...agreed, replayed: true })
    expect(await appointment(db.admin, textOf(outcome, 'appointment_id'))).toMatchObject({
      price: '150000.00',
      currency: 'PYG',
      service_name: 'Consulta',
    })
    const plain = await inserted(db.admin, clinic, at(5, '10:00'))
    expect(await appointment(db.admin, plain)).toMatchObject({
      price: '99.00',
      currency: 'USD',
      service_name: 'Otra',
    })
  })

  test('SERVICE_CHANGED says what is so now, and books nothing', async () => {
    const clinic = await newClinic(db.admin)
    const expected = { duration_minutes: 30, price: 150_000 }
    await setService(clinic, 'price = 160000')
    const outcome = await book(db.admin, user(clinic.owner), booking(clinic, { p_expected: expected }))
    expect(outcome).toMatchObject({
      success: false,
      error: 'SERVICE_CHANGED',
      duration_minutes: 30,
      price: 160_000,
      currency: 'PYG',
    })
    expect(
      await db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant]),
    ).toBe(0)
    expect(await tries(clinic, clinic.owner, { p_expected: { price: 160_000.0 } })).toBe('success')
  })
})

describe('"anyone" is fair', () => {
  test('of the vets free at a time the first has the fewest booked minutes that day', async () => {
    const clinic = await newClinic(db.admin)
    for (const vet of [clinic.vet, clinic.otherVet]) await setHours(db.admin, clinic, everyDay, vet)
    const date = at(4, '00:00').slice(0, 10)
    const firsts = async () => {
      const slots = await slotsOf(db.admin, user(clinic.owner), clinic, { from: date, to: date, step: 30 })
      return new Map(slots.toReversed().map(({ start, vet }) => [start, vet]))
    }
    await inserted(db.admin, clinic, at(4, '08:00'), { vet: clinic.vet, minutes: 60 })
    await inserted(db.admin, clinic, at(4, '12:00'), {
      vet: clinic.otherVet,
      minutes: 30,
      pet: clinic.otherPet,
    })
    // on another day, it does not count
    await inserted(db.admin, clinic, at(6, '12:00'), {
      vet: clinic.otherVet,
      minutes: 480,
      pet: clinic.otherPet,
    })
    const turns = await firsts()
    expect(turns.get(at(4, '15:00'))).toBe(clinic.otherVet)
    expect(turns.get(at(4, '12:00'))).toBe(clinic.vet)
  })

  test('among equals the turn goes round, by time and by day', async () => {
    const clinic = await newClinic(db.admin)
    const vets = [clinic.vet, clinic.otherVet, clinic.admin]
    for (const vet of vets) await setHours(db.admin, clinic, everyDay, vet)
    const from = at(4, '00:00').slice(0, 10)
    const to = at(6, '00:00').slice(0, 10)
    const slots = await slotsOf(db.admin, user(clinic.owner), clinic, { from, to, step: 60 })
    const firsts = slots.filter(({ start }, index) => slots[index - 1]?.start !== start)
    for (const time of ['08:00', '15:00'])
      expect(new Set(firsts.filter(({ start }) => start.includes(`T${time}`)).map(({ vet }) => vet))).toEqual(
        new Set(vets),
      )
  })
})

describe('a squeeze-in', () => {
  const squeeze = (clinic: Clinic, change: Parameters<typeof booking>[1] = {}) =>
    book(
      db.admin,
      user(clinic.receptionist),
      booking(clinic, {
        p_pet_id: clinic.otherPet,
        p_overrides: '{squeeze_in}',
        p_reason: 'Urgencia',
        ...change,
      }),
    )

  test('is on top of others, with a reason, and its event names them; a free time makes none', async () => {
    const clinic = await newClinic(db.admin)
    const under = await booked(db.admin, clinic)
    expect(codeOf(await squeeze(clinic, { p_reason: null }))).toBe('REASON_REQUIRED')
    expect(
      await tries(clinic, clinic.otherOwner, {
        p_pet_id: clinic.otherPet,
        p_overrides: '{squeeze_in}',
        p_reason: 'x',
      }),
    ).toBe('FORBIDDEN')
    const id = textOf(await squeeze(clinic), 'appointment_id')
    expect(await appointment(db.admin, id)).toMatchObject({ squeeze_in: true })
    expect(await detailsOf(id)).toMatchObject({ details: { overrides: ['squeeze_in'], overlaps: [under] } })
    const free = textOf(await squeeze(clinic, { p_start_time: at(3, '15:00') }), 'appointment_id')
    expect(await appointment(db.admin, free)).toMatchObject({ squeeze_in: false })
  })

  test('is never put into time off, and two are the most within an hour', async () => {
    const clinic = await newClinic(db.admin)
    await takeTimeOff(db.admin, clinic, at(4, '10:00'), at(4, '12:00'))
    expect(codeOf(await squeeze(clinic, { p_start_time: at(4, '10:30') }))).toBe('VET_AWAY')
    await booked(db.admin, clinic, { p_duration_minutes: 120, p_start_time: at(3, '10:00') })
    const at3 = (time: string) => squeeze(clinic, { p_start_time: at(3, time), p_duration_minutes: 10 })
    expect(codeOf(await at3('10:00'))).toBe('success')
    expect(codeOf(await at3('10:30'))).toBe('success')
    expect(codeOf(await at3('10:50'))).toBe('SQUEEZE_INS_FULL')
    expect(codeOf(await at3('11:30'))).toBe('success')
  })

  test('takes its time for every other booking: short on top of a long one, and alone after a cancellation', async () => {
    const clinic = await newClinic(db.admin)
    for (const vet of [clinic.vet]) await setHours(db.admin, clinic, everyDay, vet)
    const third = textOf(
      await call(db.admin, user(clinic.receptionist), 'create_client', {
        p_tenant_id: clinic.tenant,
        p_full_name: 'Third',
        p_pet_name: 'Sol',
      }),
      'pet_id',
    )
    const long = await booked(db.admin, clinic, { p_duration_minutes: 120 })
    const short = textOf(
      await squeeze(clinic, { p_start_time: at(3, '10:30'), p_duration_minutes: 10 }),
      'appointment_id',
    )
    const next = (time: string) =>
      tries(clinic, clinic.receptionist, { p_pet_id: third, p_start_time: at(3, time) })
    const offered = async () => {
      const date = at(3, '00:00').slice(0, 10)
      const slots = await slotsOf(db.admin, user(clinic.owner), clinic, { from: date, to: date, step: 30 })
      return slots.map(({ start }) => start)
    }
    // the short one begins last, and ends first: the long one is behind it
    expect(await next('11:00')).toBe('SLOT_UNAVAILABLE')
    expect(await offered()).not.toContain(at(3, '11:00'))
    await db.rows(`update appointments set status = 'cancelled' where id = $1`, [long])
    expect(await next('10:15')).toBe('SLOT_UNAVAILABLE')
    expect(await offered()).not.toContain(at(3, '10:30'))
    expect(await next('11:00')).toBe('success')
    // moved to where it is free it is one no more
    await reschedule(db.admin, user(clinic.receptionist), {
      p_appointment_id: short,
      p_new_start_time: at(5, '10:00'),
      p_performed_by: clinic.receptionist,
      p_is_staff: true,
    })
    expect(await appointment(db.admin, short)).toMatchObject({ squeeze_in: false })
  })

  test('can be made by a move, whose reason is the appointment’s', async () => {
    const clinic = await newClinic(db.admin)
    await booked(db.admin, clinic)
    const move = async (id: string) =>
      codeOf(
        await reschedule(db.admin, user(clinic.receptionist), {
          p_appointment_id: id,
          p_new_start_time: at(3, '10:00'),
          p_performed_by: clinic.receptionist,
          p_is_staff: true,
          p_overrides: '{squeeze_in}',
        }),
      )
    const silent = await booked(db.admin, clinic, { p_pet_id: clinic.otherPet, p_start_time: at(3, '14:00') })
    expect(await move(silent)).toBe('REASON_REQUIRED')
    await db.rows(`update appointments set reason = 'Vomita' where id = $1`, [silent])
    expect(await move(silent)).toBe('success')
    expect(await detailsOf(silent)).toMatchObject({
      event: 'rescheduled',
      details: { overrides: ['squeeze_in'] },
    })
  })
})

describe('how a service is booked', () => {
  test('DESK_ONLY for owners, and no slots; staff book it', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay)
    await setService(clinic, `booking = 'desk'`)
    expect(await tries(clinic, clinic.owner)).toBe('DESK_ONLY')
    const date = at(3, '00:00').slice(0, 10)
    expect(await slotsOf(db.admin, user(clinic.owner), clinic, { from: date, to: date })).toEqual([])
    expect(await tries(clinic, clinic.receptionist)).toBe('success')
  })

  test('a request holds its time until the clinic accepts or declines', async () => {
    const clinic = await newClinic(db.admin)
    await setService(clinic, `booking = 'request'`)
    const outcome = await book(db.admin, user(clinic.owner), booking(clinic))
    expect(outcome).toMatchObject({ success: true, status: 'held' })
    expect(Date.parse(textOf(outcome, 'hold_expires_at'))).toBeLessThanOrEqual(
      Date.now() + 48 * 3600_000 + 5_000,
    )
    expect(await tries(clinic, clinic.otherOwner, { p_pet_id: clinic.otherPet })).toBe('SLOT_UNAVAILABLE')
    const answer = (who: string, status: string) =>
      changeStatus(db.admin, user(who), {
        p_appointment_id: textOf(outcome, 'appointment_id'),
        p_new_status: status,
        p_performed_by: who,
        p_is_staff: who === clinic.receptionist,
      })
    expect(codeOf(await answer(clinic.owner, 'scheduled'))).toBe('INVALID_TRANSITION')
    expect(await answer(clinic.receptionist, 'scheduled')).toMatchObject({ status: 'scheduled' })
    expect(
      await tries(clinic, clinic.receptionist, { p_pet_id: clinic.otherPet, p_start_time: at(5, '10:00') }),
    ).toBe('success')
  })

  test('a hold that expired is in nobody’s way: whoever needs its time takes it away, by nobody’s doing', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, everyDay)
    await setService(clinic, `booking = 'request'`)
    const hold = async (time: string) => {
      const id = textOf(
        await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: at(3, time) })),
        'appointment_id',
      )
      await db.rows(`update appointments set hold_expires_at = now() - interval '1 second' where id = $1`, [
        id,
      ])
      return id
    }
    const expired = await hold('10:00')
    const other = await hold('12:00')
    expect(
      (await db.rows('select status, is_upcoming from appointment_states where id = $1', [expired]))[0],
    ).toEqual({ status: 'cancelled', is_upcoming: false })
    const date = at(3, '00:00').slice(0, 10)
    const offered = await slotsOf(db.admin, user(clinic.owner), clinic, { from: date, to: date, step: 60 })
    expect(offered.map(({ start }) => start)).toContain(at(3, '10:00'))
    expect(await tries(clinic, clinic.otherOwner, { p_pet_id: clinic.otherPet })).toBe('success')
    expect(await appointment(db.admin, expired)).toMatchObject({ status: 'cancelled' })
    const [event] = await db.rows(
      `select actor_id, details -> 'expired' as expired from appointment_events
       where appointment_id = $1 and event = 'status_changed'`,
      [expired],
    )
    expect(event).toEqual({ actor_id: null, expired: true })
    const moved = await booked(db.admin, clinic, {
      p_booked_by: clinic.receptionist,
      p_pet_id: clinic.otherPet,
      p_start_time: at(5, '10:00'),
    })
    expect(
      codeOf(
        await reschedule(db.admin, user(clinic.receptionist), {
          p_appointment_id: moved,
          p_new_start_time: at(3, '12:15'),
          p_performed_by: clinic.receptionist,
          p_is_staff: true,
        }),
      ),
    ).toBe('success')
    expect(await appointment(db.admin, other)).toMatchObject({ status: 'cancelled' })
  })
})

test('explain_slot names every rule that refuses a time, and who may set it aside', async () => {
  const clinic = await newClinic(db.admin)
  await setHours(db.admin, clinic, [[1, '00:00', '00:01']])
  await takeTimeOff(db.admin, clinic, at(3, '00:00'), at(4, '00:00'))
  await inserted(db.admin, clinic, at(3, '10:00'))
  await setRules(clinic, 'max_open_appointments = 1, book_horizon_days = 1')
  await db.rows(
    `insert into clinic_closures (tenant_id, start_time, end_time, name) values ($1, $2, $3, 'Feriado')`,
    [clinic.tenant, at(3, '00:00'), at(4, '00:00')],
  )
  await db.rows('insert into vet_services (tenant_id, vet_id, service_id) values ($1, $2, $3)', [
    clinic.tenant,
    clinic.otherVet,
    clinic.service,
  ])
  const explain = (start: string, vet = clinic.vet) =>
    call(db.admin, user(clinic.receptionist), 'explain_slot', {
      p_tenant_id: clinic.tenant,
      p_service_id: clinic.service,
      p_vet_id: vet,
      p_start_time: start,
      p_pet_id: clinic.pet,
    })
  expect(await explain(at(3, '10:00'))).toMatchObject({
    success: true,
    refusals: [
      { error: 'TOO_FAR', override: 'staff' },
      { error: 'VET_DOES_NOT_OFFER', override: 'services' },
      { error: 'CLINIC_CLOSED', override: 'closed' },
      { error: 'OUTSIDE_HOURS', override: 'staff' },
      { error: 'VET_AWAY', override: null },
      { error: 'LIMIT_REACHED', override: 'staff' },
      { error: 'PET_BUSY', override: 'pet_busy' },
      { error: 'SLOT_UNAVAILABLE', override: 'squeeze_in' },
    ],
  })
  expect(await explain(at(3, '10:00'), clinic.owner)).toMatchObject({
    refusals: [{ error: 'TOO_FAR' }, { error: 'VET_NOT_FOUND', override: null }],
  })
  expect(await explain('infinity')).toMatchObject({ refusals: [{ error: 'INVALID_TIME', override: null }] })
})
