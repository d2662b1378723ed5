import { randomUUID } from 'node:crypto'
import { ownerRole } from '@vetcita/postgres'
import { type Caller, callText, codeOf, outcomeOf, user } from '@vetcita/testing/sql/calls'
import { at, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { all, setStage } from './support/stage.ts'

// Who the caller is: the role setting or the login decides first, then the claims, in the contract's order.

const db = await fileDatabase()
const { clinic, appointmentId, client, logins, calls, answers, rolledBack } = await setStage(db)

describe('authenticated', () => {
  test('with claims acts as that user, named in the arguments or not', async () => {
    expect(await answers(user(clinic.owner), clinic.owner)).toEqual(all('success'))
    expect(await answers(user(clinic.owner), null)).toEqual(all('success'))
  })

  test('cannot name another user: impersonation by argument is FORBIDDEN', async () => {
    for (const actor of [clinic.otherOwner, clinic.receptionist, clinic.admin, randomUUID()])
      expect(await answers(user(actor), clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test.for([
    ['none', undefined],
    ['empty', ''],
    ['a role alone', '{"role":"service_role"}'],
    ['a role and no sub', '{"role":"postgres","sub":null}'],
    ['a sub that is not a uuid', '{"sub":"not-a-uuid"}'],
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
  ] as const)('with claims that name no user (%s) is FORBIDDEN, without an exception', async ([, claims]) => {
    const caller: Caller = { role: 'authenticated', ...(claims === undefined ? {} : { claims }) }
    const before = await everyRow(db.admin, clinic)
    expect(await answers(caller, clinic.owner)).toEqual(all('FORBIDDEN'))
    expect(await answers(caller, null)).toEqual(all('FORBIDDEN'))
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test.for([
    ['braces', (id: string) => `{${id}}`],
    ['no hyphens', (id: string) => id.replaceAll('-', '')],
    ['a line break', (id: string) => `${id}\n`],
    ['a blank', (id: string) => ` ${id}`],
    ['a urn', (id: string) => `urn:uuid:${id}`],
  ] as const)('a sub that is a uuid except for %s names no user', async ([, spoil]) => {
    const claims = JSON.stringify({ sub: spoil(clinic.owner) })
    expect(await answers({ role: 'authenticated', claims }, clinic.owner)).toEqual(all('FORBIDDEN'))
  })

  test('a sub in upper case names the same user', async () => {
    const claims = JSON.stringify({ sub: clinic.owner.toUpperCase() })
    expect(await answers({ role: 'authenticated', claims }, clinic.owner)).toEqual(all('success'))
  })

  test('the role inside the claims is never trusted', async () => {
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

  test('p_is_staff is not trusted either: the profile in the row’s tenant decides', async () => {
    const elsewhere = await newClinic(db.admin)
    const claim = async (actor: string) =>
      rolledBack(user(actor), null, async () =>
        codeOf(
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

test('if p_tenant_id names another clinic, an appointment is NOT_FOUND even for its own staff', async () => {
  const elsewhere = await newClinic(db.admin)
  const common = { p_appointment_id: appointmentId, p_performed_by: clinic.vet }
  for (const [name, args] of Object.entries({
    reschedule_appointment_atomic: { ...common, p_new_start_time: at(9, '12:00'), p_is_staff: true },
    change_appointment_status_atomic: { ...common, p_new_status: 'confirmed', p_is_staff: true },
    set_appointment_notes: { ...common, p_notes: 'x' },
  })) {
    const answer = (tenant: string) =>
      rolledBack(user(clinic.vet), null, async () =>
        codeOf(
          await outcomeOf(client, `select ${callText(name, { ...args, p_tenant_id: tenant })} as outcome`),
        ),
      )
    expect([await answer(clinic.tenant), await answer(elsewhere.tenant)], name).toEqual([
      'success',
      'NOT_FOUND',
    ])
  }
})

describe('anon and logins without a role', () => {
  test('may execute none of the writing functions', async () => {
    const join = callText('join_clinic', { p_tenant_id: clinic.tenant, p_full_name: 'Ana' })
    for (const [role, login] of [
      ['anon', null],
      [undefined, logins.stranger],
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

  test('anon may list free slots, a login without a role may not', async () => {
    const text = `select * from ${callText('available_slots', {
      p_tenant_id: clinic.tenant,
      p_service_id: clinic.service,
      p_from: '2031-01-01',
      p_to: '2031-01-02',
    })}`
    expect(await rolledBack({ role: 'anon' }, null, () => sqlState(client.query(text)))).toBe('none')
    expect(await rolledBack({}, logins.stranger, () => sqlState(client.query(text)))).toBe('42501')
  })
})

test('neither the claims nor the actor of events outlive their transaction', async () => {
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
