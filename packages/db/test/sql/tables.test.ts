import {
  bookErrorCodes,
  changeStatusErrorCodes,
  mergeCartErrorCodes,
  rescheduleErrorCodes,
  setCartItemErrorCodes,
} from '@vetcita/contracts'
import { type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'

const db = await fileDatabase()
let clinic: Clinic
let elsewhere: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin)
  elsewhere = await newClinic(db.admin)
})

/** Runs a statement, rolls it back, and returns its SQLSTATE; $1 is the clinic. */
async function tried(sql: string, values: unknown[] = [clinic.tenant]): Promise<string> {
  await db.admin.query('begin')
  try {
    return await sqlState(db.admin.query(sql, values))
  } finally {
    await db.admin.query('rollback')
  }
}

describe('tenants', () => {
  test.for(['', 'x', 'A', '1abc', 'with space', "o'hara", '-a', 'ñandu', `a${'b'.repeat(50)}`, 'a.b', 'a\n'])(
    'refuses the id %j',
    async (id) => {
      expect(await tried(`insert into tenants (id, name) values ($1, 'x')`, [id])).toBe('23514')
    },
  )

  test('accepts the id adris, has the defaults of Paraguay, and checks the time zone', async () => {
    await db.admin.query('begin')
    const [made] = await db.rows(`insert into tenants (id, name) values ('adris', 'Adris') returning *`)
    await db.admin.query('rollback')
    expect(made).toMatchObject({
      timezone: 'America/Asuncion',
      currency: 'PYG',
      locale: 'es-PY',
      change_notice_minutes: 0,
    })
    for (const zone of ['Mars/Olympus', '', 'UTC+25', 'America/asuncionn'])
      expect(await tried(`update tenants set timezone = $2 where id = $1`, [clinic.tenant, zone])).toBe(
        '22023',
      )
    expect(await tried(`update tenants set timezone = 'Europe/Madrid' where id = $1`)).toBe('none')
    expect(await tried(`update tenants set change_notice_minutes = -1 where id = $1`)).toBe('23514')
  })
})

test.for([
  [`insert into profiles (tenant_id, full_name, role) values ($1, 'x', 'owner')`, 'none'],
  [`insert into profiles (tenant_id, full_name, role) values ($1, 'x', 'superuser')`, '23514'],
  [`insert into services (tenant_id, name, duration_minutes) values ($1, 'x', 4)`, '23514'],
  [`insert into services (tenant_id, name, duration_minutes) values ($1, 'x', 481)`, '23514'],
  [`insert into services (tenant_id, name, buffer_minutes) values ($1, 'x', -1)`, '23514'],
  [`insert into services (tenant_id, name, buffer_minutes) values ($1, 'x', 241)`, '23514'],
  [`insert into services (tenant_id, name, price) values ($1, 'x', -0.01)`, '23514'],
  [
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) select $1, id, 0, '08:00', '09:00' from profiles where tenant_id = $1 and role = 'vet' limit 1`,
    '23514',
  ],
  [
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) select $1, id, 8, '08:00', '09:00' from profiles where tenant_id = $1 and role = 'vet' limit 1`,
    '23514',
  ],
  [
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) select $1, id, 1, '09:00', '09:00' from profiles where tenant_id = $1 and role = 'vet' limit 1`,
    '23514',
  ],
  [
    `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) select $1, id, now(), now() from profiles where tenant_id = $1 and role = 'vet' limit 1`,
    '23514',
  ],
  [`insert into carts (tenant_id, customer_id) values ($1, gen_random_uuid())`, '23503'],
  [
    `with c as (insert into carts (tenant_id, customer_id) select tenant_id, id from profiles where tenant_id = $1 and role = 'admin' returning *) select from c`,
    'none',
  ],
] as const)('%s: %s', async ([sql, state]) => {
  expect(await tried(sql)).toBe(state)
})

test('a cart line has a quantity from 1 to 99 and a known type', async () => {
  for (const [type, quantity, state] of [
    ['product', 0, '23514'],
    ['product', 100, '23514'],
    ['pet', 1, '23514'],
    ['service', 99, 'none'],
  ] as const) {
    await db.admin.query('begin')
    await db.rows('insert into carts (tenant_id, customer_id) values ($1, $2)', [clinic.tenant, clinic.owner])
    expect(
      await sqlState(
        db.rows(
          `insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity) values ($1, $2, $3, gen_random_uuid(), $4)`,
          [clinic.tenant, clinic.owner, type, quantity],
        ),
      ),
    ).toBe(state)
    await db.admin.query('rollback')
  }
})

test('pets, hours, time off and carts cannot refer to another clinic', async () => {
  const here = [clinic.tenant]
  expect(
    await tried(`insert into pets (tenant_id, owner_id, name) values ($1, $2, 'x')`, [
      ...here,
      elsewhere.owner,
    ]),
  ).toBe('23503')
  for (const table of [
    'vet_hours (tenant_id, vet_id, weekday, opens, closes)',
    'vet_time_off (tenant_id, vet_id, start_time, end_time)',
  ])
    expect(
      await tried(
        `insert into ${table} values ($1, $2, ${table.startsWith('vet_hours') ? `1, '08:00', '09:00'` : `now(), now() + interval '1 hour'`})`,
        [...here, elsewhere.vet],
      ),
    ).toBe('23503')
  expect(
    await tried(`insert into carts (tenant_id, customer_id) values ($1, $2)`, [...here, elsewhere.owner]),
  ).toBe('23503')
})

test('every code has its own sentence in Spanish', async () => {
  const codes = new Set<string>([
    ...bookErrorCodes,
    ...rescheduleErrorCodes,
    ...changeStatusErrorCodes,
    ...mergeCartErrorCodes,
    ...setCartItemErrorCodes,
  ])
  const messages = new Map<string, unknown>()
  for (const code of codes) {
    const refusal = await db.value('select atomic_refusal($1)', [code])
    expect(refusal, code).toEqual({
      success: false,
      error: code,
      message: expect.stringMatching(/^[A-ZÁÉÍÓÚ].{5,}$/),
    })
    messages.set(code, JSON.stringify(refusal).replace(code, ''))
  }
  expect(new Set(messages.values()).size).toBe(codes.size)
  expect(await db.value(`select atomic_refusal('INVALID_TIME') ->> 'message'`)).toContain('futuro')
})
