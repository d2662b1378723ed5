import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { catalogueOf } from './support/catalogue.ts'
import { emptyDatabase } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

// Another function of a name of ours is not ours: it is named, never granted, never taken for ours.

const types = 'text, uuid, uuid, uuid, timestamp without time zone, integer, text, text, uuid'
const overload = `create function book_appointment_atomic(${types}) returns jsonb language sql as $$ select '{}'::jsonb $$;
  revoke execute on function book_appointment_atomic(${types}) from public`
const drop = `drop function public.book_appointment_atomic(${types});`

let scratch: ScratchDatabase
beforeEach(async () => {
  scratch = await deployedDatabase(adminUrl(), '000')
})
afterEach(async () => {
  await scratch.drop()
})

test('an older function beside ours: verify names it, doctor --fix grants nothing on it', async () => {
  // It was there first, so that the server lists it first.
  await asSuperuser(scratch.url, `set role vetcita_owner; ${overload}`)
  await expect(deployTo(scratch.ownerUrl)).rejects.toMatchObject({
    message: expect.stringContaining(
      'Another function is called book_appointment_atomic, and takes (text, uuid',
    ),
    hint: expect.stringContaining(drop),
  })
  const preflight = await ops(scratch.ownerUrl, ['preflight'])
  expect(preflight.stdout).toContain(`✗ Another function is called book_appointment_atomic`)
  expect(preflight.stdout).toContain(drop)
  expect(preflight.stdout).not.toContain('proceed')
  expect(preflight.code).toBe(1)

  await asSuperuser(scratch.url, `alter function book_appointment_atomic(${types}) rename to older`)
  await deployTo(scratch.ownerUrl)
  await grantApiRole(scratch.url)
  await asSuperuser(
    scratch.url,
    `alter function older(${types}) rename to book_appointment_atomic;
     revoke execute on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb) from authenticated`,
  )
  const verified = await ops(scratch.ownerUrl, ['verify'])
  expect(verified.stdout).toContain('function book_appointment_atomic exists more than once')
  expect(verified.stdout).not.toContain('book_appointment_atomic takes (')
  const fixed = await ops(scratch.ownerUrl, ['doctor', '--fix'])
  expect(fixed.stdout).toContain(`if nothing needs it: ${drop}`)
  expect(fixed.code).toBe(1)
  const { functions } = await catalogueOf(scratch.url)
  const rights = functions?.flatMap((one) => {
    const { name, acl } = one as { name: string; acl: string[] }
    return name.startsWith('book_appointment_atomic(') ? [{ older: name.includes('without'), acl }] : []
  })
  expect(rights).toContainEqual({ older: true, acl: ['vetcita_owner=X/vetcita_owner'] })
  expect(rights).toContainEqual({
    older: false,
    acl: expect.arrayContaining(['authenticated=X/vetcita_owner', 'vetcita_api=X/vetcita_owner']),
  })
  // and where ours is gone, the other one is no substitute
  await asSuperuser(
    scratch.url,
    'drop function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb)',
  )
  const lost = await ops(scratch.ownerUrl, ['doctor'])
  expect(lost.stdout).toContain('book_appointment_atomic of 107 does not exist')
})

test("the functions of the guide's application, which the migrations replace, are in nobody's way", async () => {
  const database = await emptyDatabase(adminUrl(), false)
  try {
    await deployTo(database.ownerUrl, '000')
    await asSuperuser(
      database.adminUrl,
      `set role vetcita_owner;
       create function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer default 30, text default null, text default null, uuid default null)
         returns jsonb language sql as $$ select '{}'::jsonb $$;
       create function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean default false)
         returns jsonb language sql as $$ select '{}'::jsonb $$`,
    )
    expect((await ops(database.ownerUrl, ['preflight'])).code).toBe(0)
    await deployTo(database.ownerUrl)
    expect((await ops(database.ownerUrl, ['verify'])).code).toBe(0)
  } finally {
    await database.drop()
  }
})
