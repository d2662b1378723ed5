import { randomUUID } from 'node:crypto'
import {
  type Argument,
  backend,
  becomeText,
  call,
  callText,
  codeOf,
  type Outcome,
  user,
} from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  everyRow,
  newClinic,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'

// Any input sent directly to the functions gives a code or a documented SQLSTATE, and never a wrong write.

const db = await fileDatabase()
let clinic: Clinic
let id: string
beforeAll(async () => {
  clinic = await newClinic(db.admin)
  id = await booked(db.admin, clinic, { p_start_time: at(40, '10:00') })
})

/** Returns valid arguments of each function, for the clinic's receptionist or pet owner. */
function valid(): Record<string, Readonly<Record<string, Argument>>> {
  return {
    book_appointment_atomic: {
      ...booking(clinic),
      p_duration_minutes: 30,
      p_reason: 'x',
      p_notes: 'y',
      p_booked_by: clinic.receptionist,
      p_idempotency_key: randomUUID(),
      p_overrides: '{closed}',
      p_expected: { price: 150_000 },
    },
    reschedule_appointment_atomic: {
      p_appointment_id: id,
      p_new_start_time: at(41, '10:00'),
      p_performed_by: clinic.receptionist,
      p_is_staff: true,
      p_new_vet_id: clinic.otherVet,
      p_expected_version: 1,
      p_overrides: '{closed}',
    },
    change_appointment_status_atomic: {
      p_appointment_id: id,
      p_new_status: 'confirmed',
      p_performed_by: clinic.receptionist,
      p_is_staff: true,
      p_reason: 'x',
      p_expected_version: 1,
    },
    merge_cart_atomic: {
      p_customer_id: clinic.owner,
      p_tenant_id: clinic.tenant,
      p_new_items: [{ type: 'product', id: clinic.product, quantity: 1 }],
    },
    set_cart_item_atomic: {
      p_customer_id: clinic.owner,
      p_tenant_id: clinic.tenant,
      p_type: 'product',
      p_id: clinic.product,
      p_quantity: 1,
      p_mode: 'set',
    },
  }
}

/** Makes a call, rolls it back, and returns its code or SQLSTATE. */
async function tried(text: string, caller = backend): Promise<string> {
  await db.admin.query('begin')
  try {
    await db.admin.query(becomeText(caller))
    const result = await db.admin.query<{ outcome: Outcome }>(`select ${text} as outcome`)
    const outcome = result.rows[0]?.outcome
    return outcome === undefined || outcome === null ? 'null' : codeOf(outcome)
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== undefined) return error.code
    throw error
  } finally {
    await db.admin.query('rollback')
  }
}

/** Codes and SQLSTATEs that blame the input: refusals, class 22 and 23514. Anything else would be a bug. */
const clean = /^(?:success|replayed|[A-Z]+_[A-Z_]+|FORBIDDEN|22...|23514)$/

describe('null in each argument', () => {
  test('gets an answer, never an exception or null', async () => {
    for (const [name, args] of Object.entries(valid())) {
      expect(await tried(callText(name, args)), name).toBe('success')
      for (const argument of Object.keys(args)) {
        const code = await tried(callText(name, { ...args, [argument]: null }))
        expect(code, `${name} with ${argument} null`).toMatch(/^(?:success|[A-Z]+_[A-Z_]+|FORBIDDEN)$/)
      }
      const none = Object.fromEntries(Object.keys(args).map((key) => [key, null]))
      for (const caller of [backend, user(clinic.owner), {}])
        expect(await tried(callText(name, none), caller), `${name} with only nulls`).not.toBe('success')
    }
  })

  test('gets the code of the argument that is missing', async () => {
    const args = valid()
    const nulled = (name: string, argument: string) =>
      tried(callText(name, { ...args[name], [argument]: null }))
    // nobody is staff of no clinic, and so may set no rule aside
    expect(await nulled('book_appointment_atomic', 'p_tenant_id')).toBe('FORBIDDEN')
    expect(await nulled('book_appointment_atomic', 'p_pet_id')).toBe('PET_NOT_FOUND')
    expect(await nulled('book_appointment_atomic', 'p_service_id')).toBe('SERVICE_NOT_FOUND')
    expect(await nulled('book_appointment_atomic', 'p_vet_id')).toBe('VET_NOT_FOUND')
    expect(await nulled('book_appointment_atomic', 'p_start_time')).toBe('INVALID_TIME')
    expect(await nulled('reschedule_appointment_atomic', 'p_appointment_id')).toBe('NOT_FOUND')
    expect(await nulled('reschedule_appointment_atomic', 'p_new_start_time')).toBe('INVALID_TIME')
    expect(await nulled('change_appointment_status_atomic', 'p_new_status')).toBe('INVALID_TRANSITION')
    expect(await nulled('merge_cart_atomic', 'p_new_items')).toBe('INVALID_ITEMS')
    expect(await nulled('set_cart_item_atomic', 'p_quantity')).toBe('INVALID_ITEMS')
  })
})

const texts = [
  "'",
  '"',
  "'; drop table appointments; --",
  '$$',
  '\\',
  '%s %I %%',
  '🐕‍🦺 ñandú',
  '\u202e\u0001\n\r\t',
  '',
  ' ',
  'null',
  'x'.repeat(100_000),
]

describe('unusual texts', () => {
  test('are stored unchanged if they fit', async () => {
    for (const text of texts.filter((one) => one.length <= 2000)) {
      const outcome = await call(db.admin, backend, 'book_appointment_atomic', {
        ...booking(clinic, { p_start_time: at(50, '10:00') }),
        p_reason: text,
        p_notes: text,
        p_idempotency_key: text,
      })
      expect(codeOf(outcome), text).toBe('success')
      const row = await appointment(db.admin, String(outcome.appointment_id))
      expect(row).toMatchObject({ reason: text, notes: text, idempotency_key: text === '' ? null : text })
      await db.rows('delete from appointments where id = $1', [outcome.appointment_id])
    }
  })

  test('in any text argument of any function get a code or a documented SQLSTATE', async () => {
    const textual = new Set([
      'p_tenant_id',
      'p_reason',
      'p_notes',
      'p_idempotency_key',
      'p_new_status',
      'p_type',
      'p_mode',
    ])
    for (const [name, args] of Object.entries(valid()))
      for (const argument of Object.keys(args).filter((key) => textual.has(key)))
        for (const text of texts)
          expect(
            await tried(callText(name, { ...args, [argument]: text })),
            `${name} ${argument} ${text.slice(0, 20)}`,
          ).toMatch(clean)
  })

  test('a reason, note or key that is too long fails its check with 23514, and nothing is written', async () => {
    const before = await everyRow(db.admin, clinic)
    const args = valid().book_appointment_atomic ?? {}
    for (const [argument, length] of [
      ['p_reason', 2001],
      ['p_notes', 10_001],
      ['p_idempotency_key', 201],
    ] as const)
      expect(
        await tried(callText('book_appointment_atomic', { ...args, [argument]: 'x'.repeat(length) })),
      ).toBe('23514')
    expect(
      await tried(
        callText('change_appointment_status_atomic', {
          ...valid().change_appointment_status_atomic,
          p_new_status: 'cancelled',
          p_reason: 'x'.repeat(2001),
        }),
      ),
    ).toBe('23514')
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })
})

describe('unusual times and numbers', () => {
  test('as the start of a booking or a move are INVALID_TIME', async () => {
    const args = valid()
    for (const time of [
      'infinity',
      '-infinity',
      '4713-01-01 00:00:00+00 BC',
      '0001-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      '3000-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '294276-12-31T23:59:59Z',
    ]) {
      expect(
        await tried(
          callText('book_appointment_atomic', { ...args.book_appointment_atomic, p_start_time: time }),
        ),
      ).toBe('INVALID_TIME')
      expect(
        await tried(
          callText('reschedule_appointment_atomic', {
            ...args.reschedule_appointment_atomic,
            p_new_start_time: time,
          }),
        ),
      ).toBe('INVALID_TIME')
    }
  })

  test('as a duration, a version or a quantity get a code', async () => {
    const args = valid()
    for (const number of [0, -1, 2_147_483_647, -2_147_483_648]) {
      const withNumber = (name: string, argument: string) =>
        tried(callText(name, { ...args[name], [argument]: number }))
      expect(await withNumber('book_appointment_atomic', 'p_duration_minutes')).toBe('INVALID_DURATION')
      expect(await withNumber('reschedule_appointment_atomic', 'p_expected_version')).toBe('STALE_VERSION')
      expect(await withNumber('change_appointment_status_atomic', 'p_expected_version')).toBe('STALE_VERSION')
      expect(await withNumber('set_cart_item_atomic', 'p_quantity')).toBe(
        number === 0 ? 'success' : 'INVALID_ITEMS',
      )
      const step = callText('set_cart_item_atomic', {
        ...args.set_cart_item_atomic,
        p_quantity: number,
        p_mode: 'add',
      })
      expect(await tried(step)).toMatch(/^(success|INVALID_ITEMS)$/)
    }
  })

  test('a start with fractions of a second is stored unchanged', async () => {
    const start = at(60, '10:00').replace('.000Z', '.123456Z')
    const made = await booked(db.admin, clinic, { p_start_time: start })
    expect(
      await db.value(
        `select start_time = $2::timestamptz and end_time - start_time = interval '30 minutes' from appointments where id = $1`,
        [made, start],
      ),
    ).toBe(true)
  })
})

describe('unusual carts', () => {
  const merge = (items: string) => tried(`merge_cart_atomic('${clinic.owner}', '${clinic.tenant}', ${items})`)

  test('ten megabytes of items are refused for their number, or merged, within seconds', async () => {
    const start = performance.now()
    const many = `(select jsonb_agg(jsonb_build_object('type', 'product', 'id', gen_random_uuid(), 'quantity', 1, 'name', repeat('x', 400))) from generate_series(1, 25000))`
    expect(await merge(many)).toBe('INVALID_ITEMS')
    const heavy = `jsonb_build_array(jsonb_build_object('type', 'product', 'id', '${clinic.product}', 'quantity', 1, 'name', repeat('x', 10000000)))`
    expect(await merge(heavy)).toBe('success')
    const heavyId = `jsonb_build_array(jsonb_build_object('type', 'product', 'id', repeat('a', 10000000), 'quantity', 1))`
    expect(await merge(heavyId)).toBe('INVALID_ITEMS')
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  test('items of the wrong shape or nesting are INVALID_ITEMS', async () => {
    for (const items of [
      `'[[[[[[]]]]]]'`,
      `'[{"type":{"type":{"type":[]}}}]'`,
      `'[{"type":"product","id":["${randomUUID()}"],"quantity":[1]}]'`,
      `'[{"type":"product","id":{"id":"x"},"quantity":{}}]'`,
      `'{"0":{"type":"product"}}'`,
      `('[' || repeat('[', 5000) || repeat(']', 5000) || ']')::jsonb`,
      `'[{"type":"product","id":"${randomUUID()}","quantity":99999999999999999999999999}]'`,
      `'[{"type":"product","id":"${randomUUID()}","quantity":1e-3}]'`,
      `('[{"type":"product","id":"${randomUUID()}","quantity":1' || repeat('0', 100000) || '}]')::jsonb`,
    ])
      expect(await merge(items), items.slice(0, 60)).toBe('INVALID_ITEMS')
  })

  test('JSON that is invalid or nested too deeply fails before the function, with a documented SQLSTATE', async () => {
    expect(await merge(`'[{]'`)).toBe('22P02')
    expect(await merge(`'[{"type":"\\u0000"}]'`)).toBe('22P05')
    expect(await merge(`(repeat('[', 1000000))::jsonb`)).toBe('54001')
  })
})
