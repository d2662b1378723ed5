import { randomUUID } from 'node:crypto'
import { adminUrl } from '@vetcita/postgres'
import pg from 'pg'
import { expect, test } from 'vitest'
import { readTarget, withClient } from '../src/database.ts'
import { makeAccounts } from '../src/load/api-callers.ts'
import { addClients, makeClinic } from '../src/load/clinic.ts'
import { apiUrl, grantApiRole, startApi } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { catalogueOf, historyOf } from './support/catalogue.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'
import { underTraffic } from './support/traffic.ts'

test('each of the three goes back alone where nothing needs it, and comes again', async () => {
  const scratch = await deployedDatabase(adminUrl(), '090')
  try {
    const before = await catalogueOf(scratch.url)
    for (const number of ['090', '089', '088']) {
      const run = await ops(scratch.ownerUrl, ['rollback', number])
      expect(run.stderr).not.toContain('❌')
      expect(run.stdout).toMatch(new RegExp(`✅ ${number}_\\w+ rolled back`))
      expect(run.code).toBe(0)
    }
    expect((await ops(scratch.ownerUrl, ['rollback', 'all'])).stdout).toContain('Nothing to do')
    const preflight = await ops(scratch.ownerUrl, ['preflight'])
    expect(preflight.stdout).toContain('None of the three functions exists: proceed with the deployment.')

    await deployTo(scratch.ownerUrl, '090')
    const after = await catalogueOf(scratch.url)
    expect({ ...after, history: [] }).toEqual({ ...before, history: [] })
    // The history keeps what was taken back, and counts what came again.
    const rows = after.history as { migration_name: string; rolled_back: boolean }[]
    expect(rows.filter(({ rolled_back }) => rolled_back)).toHaveLength(3)
    expect(rows.filter(({ rolled_back }) => !rolled_back)).toEqual(before.history)
    const status = await ops(scratch.ownerUrl, ['verify', '--through', '090'])
    expect(status.code).toBe(0)
  } finally {
    await scratch.drop()
  }
})

test('it refuses while later migrations need it, says which, and changes nothing', async () => {
  const scratch = await deployedDatabase(adminUrl())
  try {
    const before = await catalogueOf(scratch.url)
    const cart = await ops(scratch.ownerUrl, ['rollback', '090'])
    expect(cart.stderr).toContain('090 cannot go while these need it: 094_cart_items.')
    expect(cart.code).toBe(1)
    const move = await ops(scratch.ownerUrl, ['rollback', '089'])
    expect(move.stderr).toContain('093_appointment_status_changes')
    expect(move.stderr).toContain('095_available_slots')
    await asSuperuser(
      scratch.url,
      `insert into login."user" (id, name, email) values (gen_random_uuid(), 'Ana', 'ana@example.com')`,
    )
    const login = await ops(scratch.ownerUrl, ['rollback', '098', '--with-dependents'])
    expect(login.stderr).toContain(
      'Taking 098_login_tables back would lose data: table login.user (1 row). Nothing was changed.',
    )
    expect(login.code).toBe(1)
    const nothing = await ops(scratch.ownerUrl, ['rollback', '777'])
    expect(nothing.stderr).toContain('There is no migration 777.')
    const dry = await ops(scratch.ownerUrl, ['rollback', 'all', '--with-dependents', '--dry-run'])
    expect(dry.stdout).toContain('drop function if exists merge_cart_atomic')
    expect(dry.stdout).not.toContain('vetcita_owner:')
    expect(await catalogueOf(scratch.url)).toEqual(before)
  } finally {
    await scratch.drop()
  }
})

test('rollback and redeploy under live traffic: 503 with a code in between, and no booking lost', async () => {
  const scratch = await deployedDatabase(adminUrl())
  await grantApiRole(scratch.url)
  const api = await startApi(apiUrl(scratch.url))
  try {
    await withClient(readTarget({ DIRECT_URL: scratch.url }), async (admin) => {
      const clinic = await makeClinic(admin, 4, 1)
      const accounts = await makeAccounts(api.url, clinic, 3)
      await addClients(
        admin,
        clinic,
        3,
        accounts.map(({ userId }) => userId),
      )
      const booked: string[] = []
      const outcomes = new Map<string, number>()
      const workers = accounts.map((account, at) => {
        let slot = 0
        return async () => {
          slot += 1
          const response = await fetch(`${api.url}/trpc/appointments.book`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              cookie: account.cookie,
              'x-clinic': clinic.tenant,
            },
            body: JSON.stringify({
              petId: clinic.clients[at]?.petId,
              serviceId: clinic.service,
              vetId: clinic.vets[at],
              startTime: new Date(
                (Math.floor(Date.now() / 86_400_000) + 2) * 86_400_000 + slot * 1_800_000,
              ).toISOString(),
              idempotencyKey: randomUUID(),
            }),
          })
          const text = await response.text()
          const body = JSON.parse(text)
          const outcome = response.ok
            ? `200 ${body.result.data.success ? 'success' : body.result.data.error}`
            : `${response.status} ${body.error.data.reason}`
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
          if (outcome === '200 success') booked.push(body.result.data.appointmentId)
          expect(text).not.toMatch(/stack|node_modules|pg_|select /)
        }
      })

      const { traffic } = await underTraffic(workers, async () => {
        await pause(500)
        const back = await ops(scratch.ownerUrl, ['rollback', 'all', '--with-dependents'])
        expect(back.stderr).not.toContain('❌')
        expect(back.code).toBe(0)
        expect((await fetch(`${api.url}/readyz`)).status).toBe(503)
        await pause(300)
        await deployTo(scratch.ownerUrl)
        await grantApiRole(scratch.url)
        await pause(500)
      })
      expect(traffic.failures).toEqual([])
      expect([...outcomes.keys()].sort()).toEqual(['200 success', '503 FUNCTION_MISSING'])
      expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
      const { rows } = await admin.query<{ id: string }>('select id from appointments where tenant_id = $1', [
        clinic.tenant,
      ])
      const kept = new Set(rows.map(({ id }) => id))
      expect(booked.filter((id) => !kept.has(id))).toEqual([])
      expect(booked.length).toBeGreaterThan(10)
      console.log(
        `Through rollback and redeploy: ${[...outcomes].map(([what, n]) => `${n} × ${what}`).join(', ')}`,
      )
    })
  } finally {
    await api.stop()
    await scratch.drop()
  }
})

test('a down.sql that fails leaves function and history as they were', async () => {
  const scratch = await deployedDatabase(adminUrl(), '090')
  const client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
  try {
    // A view of somebody's makes the drop fail in the midst of down.sql.
    await client.query('create view uses_cart as select cart_contents(id, null) from tenants')
    const run = await ops(scratch.ownerUrl, ['rollback', '090'])
    expect(run.stderr).toContain('❌ 090_atomic_cart_merge could not be rolled back')
    expect(run.code).toBe(1)
    const rows = (await historyOf(client)) as { rolled_back: boolean }[]
    expect(rows.every(({ rolled_back }) => !rolled_back)).toBe(true)
    expect((await ops(scratch.ownerUrl, ['verify', '--through', '090'])).code).toBe(0)
  } finally {
    await client.end()
    await scratch.drop()
  }
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
