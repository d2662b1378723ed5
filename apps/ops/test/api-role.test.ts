import path from 'node:path'
import { repositoryRoot, withClient } from '@vetcita/postgres'
import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTarget } from '../src/database.ts'
import { libpqEnvironment, runProgram } from '../src/libpq.ts'
import { grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

// Roles are the cluster's: two databases on it share their names.

let first: ScratchDatabase
let second: ScratchDatabase
beforeAll(async () => {
  first = await deployedDatabase(adminUrl())
  second = await deployedDatabase(adminUrl())
  await grantApiRole(first.url)
})
afterAll(async () => {
  await first.drop()
  await second.drop()
})

test("a second database's API gets a login of its own, which opens nothing of the first", async () => {
  const login = `vetcita_api_${second.name}`
  try {
    const dry = await ops(second.ownerUrl, ['api-role', '--dry-run'])
    expect(dry.stdout).toContain(`set vetcita.api_login = '${login}'`)
    const run = await opsProcess(second.ownerUrl, ['api-role'], { env: { API_PASSWORD: 'only-the-second' } })
    expect(run.stderr).toBe('')
    expect(run.stdout).toContain(`✅ ${login} may log in to vetcita_owner@`)
    const url = second.urlAs(login, 'only-the-second')
    expect(
      await withClient(url, async (client) => (await client.query('select schema_version()')).rows),
    ).toHaveLength(1)
    await withClient(url, async (client) => {
      await client.query('begin; set local role authenticated; select from public.pets; rollback')
    })
    await expect(
      withClient(first.urlAs(login, 'only-the-second'), (client) =>
        client.query('select login.signed_in(null, null)'),
      ),
    ).rejects.toThrow(/permission denied/)
    const verified = await ops(second.ownerUrl, ['verify'])
    expect(verified.stdout).toContain("✓ The API's role may execute what it calls")
    expect(verified.code).toBe(0)
    await asSuperuser(second.url, `revoke execute on function schema_version() from ${login}`)
    const doctor = await ops(second.ownerUrl, ['doctor', '--fix'])
    expect(doctor.stdout).toContain(`grant execute on function public.schema_version() to ${login}`)
    expect(doctor.code).toBe(0)
    // the first keeps the usual name, and a second run keeps each one's own
    expect((await ops(first.ownerUrl, ['api-role', '--dry-run'])).stdout).toContain("'vetcita_api'")
    expect((await ops(second.ownerUrl, ['api-role'])).stdout).toContain(`✅ ${login} `)
    expect((await ops(second.ownerUrl, ['api-role', '--login', 'postgres'])).code).toBe(2)
  } finally {
    await asSuperuser(second.url, `drop owned by ${login}; drop role ${login}`)
  }
})

test("migrations grant nothing to another database's login, and the functions to this one's own", async () => {
  const third = await deployedDatabase(adminUrl(), '099')
  const login = `vetcita_api_${third.name}`
  try {
    // the usual login is on the server, but was let into the first database alone
    await asSuperuser(third.url, `create role ${login}; grant usage on schema public to ${login}`)
    await deployTo(third.ownerUrl)
    const granted = await withClient(third.url, async (client) => {
      const { rows } = await client.query<{ function: string }>(
        `select a.grantee::regrole || ' ' || p.proname as function
         from pg_proc p, aclexplode(p.proacl) a where a.grantee::regrole::text like 'vetcita_api%' order by 1`,
      )
      return rows.map((row) => row.function)
    })
    expect(granted).toEqual(
      ['appointment_changes', 'remove_abandoned_accounts', 'signed_in'].map((name) => `${login} ${name}`),
    )
  } finally {
    await asSuperuser(third.url, `drop owned by ${login}; drop role ${login}`)
    await third.drop()
  }
})

test('an owner who may not grant the roles gets the statements to run, and psql fails', async () => {
  const owner = `owner_${first.name}`
  const script = ['-f', path.join(repositoryRoot, 'prisma/api-role.sql')]
  await asSuperuser(first.url, `create role ${owner} login createrole password 'owner'`)
  try {
    const env = libpqEnvironment(readTarget({ DIRECT_URL: first.urlAs(owner, 'owner') }))
    const taken = await runProgram('psql', script, { env })
    expect(taken.stderr).toContain(`The role vetcita_api is there, and ${owner} may not change it`)
    expect(taken.stderr).toContain(`pnpm ops api-role --login vetcita_api_${first.name}`)
    expect(taken.code).toBe(3)
    const refused = await runProgram('psql', ['-c', `set vetcita.api_login = 'vetcita_api_x'`, ...script], {
      env,
    })
    expect(refused.stderr).toContain(
      `${owner} may not grant anon, authenticated, service_role to vetcita_api_x.`,
    )
    expect(refused.stderr).toContain(`grant anon, authenticated, service_role to ${owner} with admin option;`)
    expect(refused.code).toBe(3)
    const { rowCount } = await withClient(first.url, (client) =>
      client.query(`select from pg_roles where rolname = 'vetcita_api_x'`),
    )
    expect(rowCount).toBe(0)
  } finally {
    await asSuperuser(first.url, `drop owned by ${owner}; drop role ${owner}`)
  }
})
