import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ownerRole, repositoryRoot } from '@vetcita/postgres'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, callText, outcomeOf, user, word } from './support/calls.ts'
import { at, booked, type Clinic, everyRow, newClinic } from './support/clinic.ts'
import { fileDatabase, sqlState } from './support/database.ts'

// Who is calling: the role setting or the login, then the claims, in the order that the contract gives.

const db = await fileDatabase()
const suffix = randomBytes(4).toString('hex')
/** A login role that inherits authenticated's rights, as a backend of old might. */
const inheriting = `inherits_${suffix}`
/** A login role that is a member of service_role. */
const backendLogin = `backend_${suffix}`
/** What PostgREST logs in as. */
const authenticator = `authenticator_${suffix}`
/** A login role with no membership at all. */
const stranger = `stranger_${suffix}`

let clinic: Clinic
let appointmentId: string
/** A connection of its own, since some tests change who is logged in. */
let client: pg.Client

beforeAll(async () => {
  clinic = await newClinic(db.admin)
  appointmentId = await booked(db.admin, clinic)
  client = await db.connect()
  await db.admin.query(`
    create role ${inheriting} login inherit; grant authenticated to ${inheriting};
    create role ${backendLogin} login noinherit; grant service_role to ${backendLogin};
    create role ${authenticator} login noinherit; grant anon, authenticated, service_role to ${authenticator};
    create role ${stranger} login;
    grant execute on all functions in schema public to ${backendLogin}, ${authenticator}`)
})
afterAll(async () => {
  await client.end()
  await db.admin.query(`
    drop owned by ${backendLogin}, ${authenticator};
    drop role ${inheriting}, ${backendLogin}, ${authenticator}, ${stranger}`)
})

/** A call of each function that takes an id, by that id, on the owner's data. */
function calls(actor: string | null): Record<string, string> {
  return {
    book: callText('book_appointment_atomic', {
      p_tenant_id: clinic.tenant,
      p_pet_id: clinic.pet,
      p_service_id: clinic.service,
      p_vet_id: clinic.vet,
      p_start_time: at(9, '10:00'),
      p_booked_by: actor,
    }),
    reschedule: callText('reschedule_appointment_atomic', {
      p_appointment_id: appointmentId,
      p_new_start_time: at(9, '12:00'),
      p_performed_by: actor,
    }),
    changeStatus: callText('change_appointment_status_atomic', {
      p_appointment_id: appointmentId,
      p_new_status: 'cancelled',
      p_performed_by: actor,
    }),
    mergeCart: callText('merge_cart_atomic', {
      p_customer_id: actor,
      p_tenant_id: clinic.tenant,
      p_items: [{ type: 'product', id: clinic.product, quantity: 1 }],
    }),
    setCartItem: callText('set_cart_item_atomic', {
      p_customer_id: actor,
      p_tenant_id: clinic.tenant,
      p_type: 'product',
      p_id: clinic.product,
      p_quantity: 1,
    }),
  }
}

type Login = string | null

/** Every function's answer to that caller, each in a transaction that is rolled back. */
async function answers(caller: Caller, actor: string | null, login: Login = null) {
  const seen: Record<string, string> = {}
  for (const [name, text] of Object.entries(calls(actor))) {
    seen[name] = await rolledBack(caller, login, async () =>
      word(await outcomeOf(client, `select ${text} as outcome`)),
    )
  }
  return seen
}

async function rolledBack<T>(caller: Caller, login: Login, run: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    if (login !== null) await client.query(`set local session authorization ${login}`)
    if (caller.claims !== undefined)
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [caller.claims])
    if (caller.role !== undefined) await client.query(`set local role ${caller.role}`)
    return await run()
  } finally {
    await client.query('rollback')
  }
}

const all = (code: string) => ({
  book: code,
  reschedule: code,
  changeStatus: code,
  mergeCart: code,
  setCartItem: code,
})

const asOwner = () => clinic.owner

describe('authenticated', () => {
  test('with claims is that user: named, or not named at all', async () => {
    expect(await answers(user(clinic.owner), clinic.owner)).toEqual(all('success'))
    expect(await answers(user(clinic.owner), null)).toEqual(all('success'))
  })

  test('may name nobody else: impersonation by argument is FORBIDDEN', async () => {
    for (const actor of [clinic.otherOwner, clinic.receptionist, clinic.admin, randomUUID()])
      expect(await answers(user(actor), clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test.for([
    ['none', undefined],
    ['empty', ''],
    ['a role alone', '{"role":"service_role"}'],
    ['a role and no sub', '{"role":"postgres","sub":null}'],
    ['a sub that is no uuid', '{"sub":"not-a-uuid"}'],
    ['a sub that is empty', '{"sub":""}'],
    ['a sub that is a number', '{"sub":1}'],
    ['a sub that is an object', '{"sub":{"id":"x"}}'],
    ['a sub with SQL in it', `{"sub":"' or true --"}`],
    ['a sub with a null character', '{"sub":"\\u0000"}'],
    ['a sub with half a character', '{"sub":"\\ud800"}'],
    ['a list', '[]'],
    ['a text', '"service_role"'],
    ['a number', '42'],
    ['JSON null', 'null'],
    ['true', 'true'],
    ['blank', ' '],
    ['no JSON', 'sub=admin'],
    ['half of it', '{"sub":"'],
    ['emoji', '🐕'],
    ['JSON nested too deep to read', '['.repeat(200_000)],
    ['an object nested too deep to read', '{"sub":'.repeat(100_000)],
    ['a megabyte', `{"sub":"${'a'.repeat(1_000_000)}"}`],
  ] as const)('with claims that name nobody (%s) is FORBIDDEN, and no exception', async ([, claims]) => {
    const caller: Caller = { role: 'authenticated', ...(claims === undefined ? {} : { claims }) }
    const before = await everyRow(db.admin, clinic)
    expect(await answers(caller, asOwner())).toEqual(all('FORBIDDEN'))
    expect(await answers(caller, null)).toEqual(all('FORBIDDEN'))
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test.for([
    ['braces', (id: string) => `{${id}}`],
    ['no hyphens', (id: string) => id.replaceAll('-', '')],
    ['a line break', (id: string) => `${id}\n`],
    ['a blank', (id: string) => ` ${id}`],
    ['a urn', (id: string) => `urn:uuid:${id}`],
  ] as const)('a sub that is a uuid but for %s names nobody', async ([, spoil]) => {
    const claims = JSON.stringify({ sub: spoil(clinic.owner) })
    expect(await answers({ role: 'authenticated', claims }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test('a uuid in capitals is that user', async () => {
    const claims = JSON.stringify({ sub: clinic.owner.toUpperCase() })
    expect(await answers({ role: 'authenticated', claims }, clinic.owner)).toEqual(all('success'))
  })

  test('the claims’ own role is never believed', async () => {
    for (const role of ['service_role', 'postgres', 'admin', ownerRole]) {
      const claims = JSON.stringify({ sub: clinic.otherOwner, role, is_staff: true, app_metadata: { role } })
      const caller = { role: 'authenticated', claims }
      expect(await answers(caller, clinic.owner)).toEqual(all('FORBIDDEN'))
      expect(await answers(caller, null)).toEqual({
        book: 'PET_NOT_FOUND',
        reschedule: 'NOT_FOUND',
        changeStatus: 'NOT_FOUND',
        mergeCart: 'success', // their own cart
        setCartItem: 'success',
      })
    }
  })

  test('p_is_staff is not believed either: it is the profile in that row’s tenant that counts', async () => {
    const elsewhere = await newClinic(db.admin)
    const claim = async (actor: string) =>
      rolledBack(user(actor), null, async () =>
        word(
          await outcomeOf(
            client,
            `select ${callText('reschedule_appointment_atomic', {
              p_appointment_id: appointmentId,
              p_new_start_time: at(9, '12:00'),
              p_performed_by: actor,
              p_is_staff: true,
            })} as outcome`,
          ),
        ),
      )
    expect(await claim(clinic.owner)).toBe('FORBIDDEN')
    expect(await claim(clinic.otherOwner)).toBe('NOT_FOUND')
    expect(await claim(elsewhere.admin)).toBe('NOT_FOUND')
    expect(await claim(clinic.receptionist)).toBe('success')
    expect(await claim(clinic.vet)).toBe('success')
    expect(await claim(clinic.admin)).toBe('success')
  })
})

describe('anon and strangers', () => {
  test('may execute none of the functions', async () => {
    const join = callText('join_clinic', { p_tenant_id: clinic.tenant, p_full_name: 'Ana' })
    for (const [role, login] of [
      ['anon', null],
      [undefined, stranger],
    ] as const) {
      for (const text of [...Object.values(calls(clinic.owner)), join]) {
        const claims = JSON.stringify({ sub: clinic.owner })
        const caller = role === undefined ? { claims } : { role, claims }
        expect(
          await rolledBack(caller, login, () => sqlState(client.query(`select ${text}`))),
          `${role ?? login}: ${text}`,
        ).toBe('42501')
      }
    }
  })

  test('anon may ask for free slots, a stranger may not', async () => {
    const text = `select * from ${callText('available_slots', {
      p_tenant_id: clinic.tenant,
      p_service_id: clinic.service,
      p_from: '2031-01-01',
      p_to: '2031-01-02',
    })}`
    expect(await rolledBack({ role: 'anon' }, null, () => sqlState(client.query(text)))).toBe('none')
    expect(await rolledBack({}, stranger, () => sqlState(client.query(text)))).toBe('42501')
  })
})

describe('trusted backends', () => {
  test('service_role, by role or by membership, is believed, claims or not', async () => {
    for (const claims of ['', JSON.stringify({ sub: clinic.otherOwner }), '[]', '{'])
      expect(await answers({ role: 'service_role', claims }, clinic.owner)).toEqual(all('success'))
    expect(await answers({}, clinic.owner, backendLogin)).toEqual(all('success'))
    expect(await answers(user(clinic.otherOwner), clinic.owner, null)).toEqual(all('FORBIDDEN'))
    expect(
      await answers({ claims: user(clinic.otherOwner).claims ?? '' }, clinic.owner, backendLogin),
    ).toEqual(all('success'))
  })

  test('who merely inherits authenticated is no backend, but its claims’ user', async () => {
    expect(await answers({}, clinic.owner, inheriting)).toEqual(all('FORBIDDEN'))
    expect(await answers({}, null, inheriting)).toEqual(all('FORBIDDEN'))
    const claims = JSON.stringify({ sub: clinic.owner, role: 'service_role' })
    expect(await answers({ claims }, clinic.owner, inheriting)).toEqual(all('success'))
    expect(await answers({ claims }, clinic.otherOwner, inheriting)).toEqual(all('FORBIDDEN'))
  })

  test('PostgREST’s login as authenticated is not trusted, though it is a member of service_role', async () => {
    for (const claims of ['', '{"role":"service_role"}'])
      expect(await answers({ role: 'authenticated', claims }, clinic.owner, authenticator)).toEqual(
        all('FORBIDDEN'),
      )
    expect(await answers(user(clinic.owner), clinic.owner, authenticator)).toEqual(all('success'))
    expect(await answers(user(clinic.otherOwner), clinic.owner, authenticator)).toEqual(all('FORBIDDEN'))
  })

  test('even where authenticated were made a member of service_role', async () => {
    await client.query('begin')
    await client.query('grant service_role to authenticated')
    try {
      await client.query(`select set_config('request.jwt.claims', '{"role":"service_role"}', true)`)
      await client.query('set local role authenticated')
      const outcome = await outcomeOf(client, `select ${calls(clinic.owner).mergeCart} as outcome`)
      expect(word(outcome)).toBe('FORBIDDEN')
    } finally {
      await client.query('rollback')
    }
  })

  test('the API’s login is a backend, owns nothing, bypasses nothing, and is trusted only as itself', async () => {
    const script = await readFile(path.join(repositoryRoot, 'prisma/api-role.sql'), 'utf8')
    for (let time = 0; time < 2; time++) await client.query(script)
    expect(await answers({}, clinic.owner, 'vetcita_api')).toEqual(all('success'))
    expect(await answers({ role: 'authenticated' }, clinic.owner, 'vetcita_api')).toEqual(all('FORBIDDEN'))
    expect(await answers(user(clinic.owner), null, 'vetcita_api')).toEqual(all('success'))
    const [role] = await db.rows(`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin,
        (select count(*)::int from pg_class where relowner = r.oid)
          + (select count(*)::int from pg_proc where proowner = r.oid) as owns
      from pg_roles r where rolname = 'vetcita_api'`)
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolinherit: false,
      rolcanlogin: true,
      owns: 0,
    })
    for (const table of ['appointments', 'profiles', 'tenants', 'carts', 'public_vets'])
      expect(
        await rolledBack({}, 'vetcita_api', () => sqlState(client.query(`select from ${table}`))),
        `${table} as itself`,
      ).toBe('42501')
    if (Number(await db.value(`select current_setting('server_version_num')`)) >= 160_000)
      expect(
        await rolledBack({}, 'vetcita_api', () => sqlState(client.query('set local role service_role'))),
      ).toBe('42501')
  })
})

describe('the owner of the functions and superusers', () => {
  test('without claims are trusted; a null id stays null', async () => {
    for (const login of [null, ownerRole]) {
      for (const claims of [undefined, '']) {
        const caller = claims === undefined ? {} : { claims }
        expect(await answers(caller, clinic.owner, login)).toEqual(all('success'))
        expect(await answers(caller, null, login)).toEqual({
          book: 'success', // for the pet's owner
          reschedule: 'NOT_FOUND',
          changeStatus: 'NOT_FOUND',
          mergeCart: 'CUSTOMER_NOT_FOUND',
          setCartItem: 'CUSTOMER_NOT_FOUND',
        })
      }
    }
  })

  test('a superuser with claims is the claims’ user, or nobody', async () => {
    const { claims = '' } = user(clinic.owner)
    expect(await answers({ claims }, clinic.owner)).toEqual(all('success'))
    expect(await answers({ claims }, clinic.otherOwner)).toEqual(all('FORBIDDEN'))
    for (const forged of ['{}', '[]', '{"sub":"x"}', '{"role":"service_role"}', '{'])
      expect(await answers({ claims: forged }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test('an owner of the functions with claims is the claims’ user, unless a member of service_role', async () => {
    const { claims = '' } = user(clinic.otherOwner)
    const member = await db.value(`select pg_has_role($1, 'service_role', 'member')`, [ownerRole])
    expect(await answers({ claims }, clinic.owner, ownerRole)).toEqual(all(member ? 'success' : 'FORBIDDEN'))
    const plain = `owner_${suffix}`
    await client.query('begin')
    try {
      await client.query(`create role ${plain} login bypassrls; grant ${plain} to ${ownerRole}`)
      const functions = await db.rows(
        `select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace`,
      )
      await client.query(
        `grant all on all tables in schema public to ${plain}; grant usage, create on schema public to ${plain}`,
      )
      await client.query(functions.map(({ name }) => `alter function ${name} owner to ${plain}`).join(';'))
      await client.query(`set local session authorization ${plain}`)
      const merged = async () =>
        word(await outcomeOf(client, `select ${calls(clinic.owner).mergeCart} as outcome`))
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [claims])
      expect(await merged()).toBe('FORBIDDEN')
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [user(clinic.owner).claims])
      expect(await merged()).toBe('success')
      await client.query(`select set_config('request.jwt.claims', '', true)`)
      expect(await merged()).toBe('success')
    } finally {
      await client.query('rollback')
    }
  })

  test('a superuser who becomes authenticated or anon is that and no more', async () => {
    expect(await answers({ role: 'authenticated', claims: '' }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })
})

test('claims do not outlive their transaction, nor does the actor that events are written under', async () => {
  await rolledBack(user(clinic.owner), null, async () => {
    const { book } = calls(null)
    await outcomeOf(client, `select ${book} as outcome`)
    const result = await client.query<{ actor: string }>(
      `select current_setting('vetcita.actor', true) as actor`,
    )
    expect(result.rows[0]?.actor ?? '').toBe('')
  })
  expect(await answers({ role: 'authenticated' }, clinic.owner)).toEqual(all('FORBIDDEN'))
})
