import { adminUrl } from '@vetcita/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { recordedDown } from '../src/deploy/compose.ts'
import { findMigration, readMigrations } from '../src/migrations.ts'
import { lossGuard } from '../src/rollback/data-loss.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { catalogueOf, historyOf } from './support/catalogue.ts'
import { rollbackUnderBookings } from './support/live-rollback.ts'
import { ops } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

test('rolls back each of the three alone if nothing needs it, and deploys it again', async () => {
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
    // the history keeps the rolled-back rows and adds the new ones
    const rows = after.history as { migration_name: string; rolled_back: boolean }[]
    expect(rows.filter(({ rolled_back }) => rolled_back)).toHaveLength(3)
    expect(rows.filter(({ rolled_back }) => !rolled_back)).toEqual(before.history)
    const status = await ops(scratch.ownerUrl, ['verify', '--through', '090'])
    expect(status.code).toBe(0)
  } finally {
    await scratch.drop()
  }
})

test('refuses while later migrations need one, names them, and changes nothing', async () => {
  const scratch = await deployedDatabase(adminUrl())
  try {
    const before = await catalogueOf(scratch.url)
    const cart = await ops(scratch.ownerUrl, ['rollback', '090'])
    expectAsInRunbook(cart.stderr, '090 cannot be rolled back')
    expect(cart.code).toBe(1)
    const move = await ops(scratch.ownerUrl, ['rollback', '089'])
    expect(move.stderr).toContain('093_appointment_status_changes')
    expect(move.stderr).toContain('095_available_slots')
    await asSuperuser(
      scratch.url,
      `insert into login."user" (id, name, email) values (gen_random_uuid(), 'Ana', 'ana@example.com')`,
    )
    const login = await ops(scratch.ownerUrl, ['rollback', '098', '--with-dependents'])
    expectAsInRunbook(login.stderr, 'Rolling 098_login_tables back')
    await asSuperuser(scratch.url, `update login."user" set language = 'es'`)
    const office = await ops(scratch.ownerUrl, ['rollback', '101', '--with-dependents'])
    expect(office.stderr).toContain(
      'would lose data: column language of login.user (1 row). Nothing was changed.',
    )
    // a row that is written between the check and the drop aborts the drop
    const migration = findMigration(readMigrations(), '098')
    const down = recordedDown(migration, migration.down ?? '', 500, lossGuard(migration))
    await expect(asSuperuser(scratch.url, down)).rejects.toThrow(
      'table login.user has rows by now, so it is not dropped.',
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

// full/rollback.test.ts runs this on Debian's PostgreSQL too.
test('during a rollback and redeploy, live bookings get 503 with a code, and none is lost', async () => {
  const scratch = await deployedDatabase(adminUrl())
  try {
    await rollbackUnderBookings({ ownerUrl: scratch.ownerUrl, adminUrl: scratch.url }, 'node')
  } finally {
    await scratch.drop()
  }
})

test('a down.sql that fails leaves the function and the history unchanged', async () => {
  const scratch = await deployedDatabase(adminUrl(), '090')
  const client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
  try {
    // a dependent view of the user's makes the drop fail in the middle of down.sql
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
