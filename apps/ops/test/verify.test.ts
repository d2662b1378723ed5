import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { verifyDatabase } from '../src/catalogue/verify.ts'
import { readMigrations } from '../src/migrations.ts'
import { grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { book, breakages, verdictOn } from './support/breakages.ts'
import { ops, opsProcess } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployedDatabase } from './support/template.ts'

describe('verify names the cause of each single breakage', () => {
  let whole: ScratchDatabase
  let client: pg.Client
  beforeAll(async () => {
    whole = await deployedDatabase(adminUrl())
    client = new pg.Client({ connectionString: whole.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await whole.drop()
  })

  test('and none in an intact database', async () => {
    const { checks } = await verifyDatabase(client, readMigrations(), undefined)
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    expect(checks.length).toBeGreaterThan(12)
  })

  // full/verify.test.ts runs this on Debian's PostgreSQL too.
  test.each(breakages)('%s', async (_what, sql, cause) => {
    expect(await verdictOn(client, sql)).toContain(cause)
  })
})

describe('pnpm ops verify', () => {
  let scratch: ScratchDatabase
  afterEach(async () => {
    await scratch.drop()
  })

  test('passes an intact database and exits with 1 for a broken one, as text and as JSON', async () => {
    scratch = await deployedDatabase(adminUrl())
    await grantApiRole(scratch.url)
    const whole = await ops(scratch.ownerUrl, ['verify'])
    expectAsInRunbook(whole.stdout, 'Functions')
    expect(whole.stdout).toContain(
      '{"error": "PET_NOT_FOUND", "message": "Mascota no encontrada", "success": false}',
    )
    expect(whole.stdout).toContain('✓ All 3 functions exist in pg_proc\n')
    expect(whole.stdout).not.toContain('✗')
    expect(whole.code).toBe(0)

    await asSuperuser(scratch.url, `drop function ${book}`)
    const broken = await ops(scratch.ownerUrl, ['verify'])
    expect(broken.stdout).toContain(
      '✗ All 3 functions exist in pg_proc: function book_appointment_atomic of 107 is missing\n',
    )
    expect(broken.code).toBe(1)
    const json = await ops(scratch.ownerUrl, ['verify', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false })
    expect(json.code).toBe(1)
  })

  test('a database deployed through 090 passes with --through 090 and not without', async () => {
    scratch = await deployedDatabase(adminUrl(), '090')
    expect((await ops(scratch.ownerUrl, ['verify', '--through', '090'])).code).toBe(0)
    const all = await ops(scratch.ownerUrl, ['verify'])
    expect(all.stdout).toContain('091_appointment_overlap_constraint is not applied')
    expect(all.code).toBe(1)
  })

  test('--watch reports what breaks while it runs', async () => {
    scratch = await deployedDatabase(adminUrl())
    const watching = opsProcess(scratch.ownerUrl, ['verify', '--watch', '4s', '--every', '300ms', '--json'])
    await new Promise((resolve) => setTimeout(resolve, 2500))
    await asSuperuser(scratch.url, 'drop index idx_appointments_vet_time_status')
    const run = await watching
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('index idx_appointments_vet_time_status of 088 is missing')
  })
})
