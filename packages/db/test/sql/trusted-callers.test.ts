import { randomBytes } from 'node:crypto'
import { apiRoleSql, ownerRole } from '@vetcita/postgres'
import { codeOf, outcomeOf, user } from '@vetcita/testing/sql/calls'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { all, setStage } from './support/stage.ts'

// Who the caller is: the role setting or the login decides first, then the claims, in the contract's order.

const db = await fileDatabase()
const { clinic, client, logins, calls, answers, rolledBack } = await setStage(db)

describe('trusted backends', () => {
  test('service_role, as the role or by membership, is trusted with or without claims', async () => {
    for (const claims of ['', JSON.stringify({ sub: clinic.otherOwner }), '[]', '{'])
      expect(await answers({ role: 'service_role', claims }, clinic.owner)).toEqual(all('success'))
    expect(await answers({}, clinic.owner, logins.backend)).toEqual(all('success'))
    expect(await answers(user(clinic.otherOwner), clinic.owner, null)).toEqual(all('FORBIDDEN'))
    expect(
      await answers({ claims: user(clinic.otherOwner).claims ?? '' }, clinic.owner, logins.backend),
    ).toEqual(all('success'))
  })

  test('a login that only inherits authenticated is not trusted, but acts as its claims’ user', async () => {
    expect(await answers({}, clinic.owner, logins.inheriting)).toEqual(all('FORBIDDEN'))
    expect(await answers({}, null, logins.inheriting)).toEqual(all('FORBIDDEN'))
    const claims = JSON.stringify({ sub: clinic.owner, role: 'service_role' })
    expect(await answers({ claims }, clinic.owner, logins.inheriting)).toEqual(all('success'))
    expect(await answers({ claims }, clinic.otherOwner, logins.inheriting)).toEqual(all('FORBIDDEN'))
  })

  test('PostgREST’s login is not trusted as authenticated, although it is a member of service_role', async () => {
    for (const claims of ['', '{"role":"service_role"}'])
      expect(await answers({ role: 'authenticated', claims }, clinic.owner, logins.authenticator)).toEqual(
        all('FORBIDDEN'),
      )
    expect(await answers(user(clinic.owner), clinic.owner, logins.authenticator)).toEqual(all('success'))
    expect(await answers(user(clinic.otherOwner), clinic.owner, logins.authenticator)).toEqual(
      all('FORBIDDEN'),
    )
  })

  test('authenticated is not trusted even if it is made a member of service_role', async () => {
    await client.query('begin')
    await client.query('grant service_role to authenticated')
    try {
      await client.query(`select set_config('request.jwt.claims', '{"role":"service_role"}', true)`)
      await client.query('set local role authenticated')
      const outcome = await outcomeOf(client, `select ${calls(clinic.owner).mergeCart} as outcome`)
      expect(codeOf(outcome)).toBe('FORBIDDEN')
    } finally {
      await client.query('rollback')
    }
  })

  test('the API’s login is a backend, owns nothing, bypasses nothing, and is trusted only as itself', async () => {
    const script = await apiRoleSql()
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
  test('are trusted without claims, and a null id stays null', async () => {
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

  test('a superuser with claims acts as the claims’ user, or as nobody if they name none', async () => {
    const { claims = '' } = user(clinic.owner)
    expect(await answers({ claims }, clinic.owner)).toEqual(all('success'))
    expect(await answers({ claims }, clinic.otherOwner)).toEqual(all('FORBIDDEN'))
    for (const forged of ['{}', '[]', '{"sub":"x"}', '{"role":"service_role"}', '{'])
      expect(await answers({ claims: forged }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test('the functions’ owner with claims acts as the claims’ user, unless a member of service_role', async () => {
    const { claims = '' } = user(clinic.otherOwner)
    const member = await db.value(`select pg_has_role($1, 'service_role', 'member')`, [ownerRole])
    expect(await answers({ claims }, clinic.owner, ownerRole)).toEqual(all(member ? 'success' : 'FORBIDDEN'))
    const plain = `owner_${randomBytes(4).toString('hex')}`
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
        codeOf(await outcomeOf(client, `select ${calls(clinic.owner).mergeCart} as outcome`))
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

  test('a superuser who becomes authenticated has no further rights', async () => {
    expect(await answers({ role: 'authenticated', claims: '' }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })
})
