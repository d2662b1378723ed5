import { randomBytes } from 'node:crypto'
import { applyMigrations } from '@vetcita/testing'
import { callText, codeOf, outcomeOf } from '@vetcita/testing/sql/calls'
import { booking, newClinic } from '@vetcita/testing/sql/clinic'
import { sqlState } from '@vetcita/testing/sql/database'
import type pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freshDatabase, textOf } from './support/fresh-database.ts'

/** PostgreSQL's own takes `name, name, text`; this one fits a call with two plain literals better. */
const overload = `
  create function public.pg_has_role(name, text, text) returns boolean language plpgsql as $$
  begin
    raise exception 'ran as %', current_user;
  end
  $$`

/** A role with no right at all, which is dropped after the test. */
async function attacker(admin: pg.Client, kind = 'nologin'): Promise<string> {
  const name = `attacker_${randomBytes(4).toString('hex')}`
  await admin.query(`create role ${name} ${kind}`)
  onTestFinished(async () => {
    await admin.query(`drop owned by ${name} cascade; drop role ${name}`)
  })
  return name
}

const as = async (admin: pg.Client, role: string, sql: string) => {
  await admin.query(`set role ${role}`)
  try {
    return await sqlState(admin.query(sql))
  } finally {
    await admin.query('reset role')
  }
}

/** The message and the hint with which a migration refuses; it changes nothing. */
async function refusal(client: pg.Client, folder: string): Promise<{ message: unknown; hint: unknown }> {
  const failure: unknown = await client.query(await textOf(folder)).then(
    () => 'no failure',
    (error: unknown) => error,
  )
  await client.query('rollback')
  if (!(failure instanceof Error)) throw new Error(`${folder}: ${failure}`)
  return { message: failure.message, hint: 'hint' in failure ? failure.hint : undefined }
}

describe('a database in which everybody may make objects in public, as all did before PostgreSQL 15', () => {
  test('is closed by the first migration', async () => {
    const { url, admin } = await freshDatabase('empty')
    const role = await attacker(admin)
    await admin.query('grant create on schema public to public')
    expect(await as(admin, role, overload)).toBe('none')
    await admin.query('drop function public.pg_has_role(name, text, text)')
    await applyMigrations(url, { through: '088' })
    expect(await as(admin, role, overload)).toBe('42501')
  })

  test.for(['000_clinic_schema', '088_atomic_appointment_booking'])(
    'and in which one is made already: %s names it, and changes nothing',
    async (folder) => {
      const { url, client, admin } = await freshDatabase('empty')
      // 088 meets tables that 000 did not make, or an object that was made after it
      if (folder.startsWith('088')) await applyMigrations(url, { through: '000' })
      const role = await attacker(admin)
      await admin.query('grant create on schema public to public')
      expect(await as(admin, role, `${overload}; create type public.trap as (a integer)`)).toBe('none')
      expect(await refusal(client, folder)).toEqual({
        message: `The schema public holds what others have made: function public.pg_has_role(name,text,text) of ${role}; type public.trap of ${role}.`,
        hint: "A call may mean these instead of PostgreSQL's own. Drop them, or move them to another schema.",
      })
      await admin.query('drop function public.pg_has_role(name, text, text); drop type public.trap')
      await client.query(await textOf(folder))
    },
  )

  test('and which belongs to another role: the migration says what to run, and runs then', async () => {
    const { client, admin } = await freshDatabase('empty')
    const role = await attacker(admin)
    await admin.query(`
      alter schema public owner to current_user;
      grant create, usage on schema public to vetcita_owner;
      grant create on schema public to public, ${role}`)
    expect(await refusal(client, '000_clinic_schema')).toEqual({
      message: `Others may make objects in the schema public: public, ${role}.`,
      hint: `As the schema's owner run: revoke create on schema public from public, ${role};`,
    })
    await admin.query(`revoke create on schema public from public, ${role}`)
    await client.query(await textOf('000_clinic_schema'))
  })
})

test('a role that may create objects later still cannot change who counts as the caller', async () => {
  const { admin } = await freshDatabase('migrated')
  const role = await attacker(admin)
  const login = await attacker(admin, 'login noinherit')
  const clinic = await newClinic(admin)
  await admin.query(`
    grant create on schema public to ${role};
    grant service_role to ${login};
    grant usage on schema public to ${login};
    grant execute on function book_appointment_atomic to ${login}`)
  expect(await as(admin, role, overload)).toBe('none')
  await admin.query(`set session authorization ${login}`)
  const outcome = await outcomeOf(
    admin,
    `select ${callText('book_appointment_atomic', booking(clinic))} as outcome`,
  ).finally(() => admin.query('reset session authorization'))
  expect(codeOf(outcome)).toBe('success')
})
