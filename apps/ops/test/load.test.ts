import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiCounts } from '../src/monitor/api-metrics.ts'
import { apiUrl, grantApiRole, startApi } from './support/api.ts'
import { ops, opsProcess } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployedDatabase } from './support/template.ts'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await deployedDatabase(adminUrl())
  await grantApiRole(scratch.url)
})
afterAll(async () => {
  await scratch.drop()
})

test("prints the guide's output and leaves nothing behind, on the functions and through the API", async () => {
  const api = await startApi(apiUrl(scratch.url))
  try {
    // the counters are per process, so they may include calls of other tests to another API
    const before = await bookings(api.url)
    for (const args of [[], ['--api', api.url]]) {
      const run = await ops(scratch.ownerUrl, ['load', ...args])
      expect(run.stdout).toContain(
        [
          '✅ Race condition test passed:',
          '   - Successful bookings: 1',
          '   - Rejected (slot unavailable): 9',
          '   - Failed with errors: 0',
          '   - Database verification: Exactly 1 appointment created ✓',
        ].join('\n'),
      )
      expect(run.stdout).not.toContain('❌')
      expectAsInRunbook(run.stdout, '✅ Race condition test passed:')
      expect(run.stdout).toMatch(/ test +\| calls \| +p50 +\| +p95 +\| +p99 +\| +max +\| per_second\n/)
      expect(run.code).toBe(0)
    }
    const after = await bookings(api.url)
    expect(after.errors - before.errors).toBe(0)
    expect(after.deadlocks).toBe(before.deadlocks)
    expect(after.calls - before.calls).toBeGreaterThan(100)
  } finally {
    await api.stop()
  }
  expect(await leftovers()).toEqual({ tenants: 0, users: 0, mails: 0 })
})

test('leaves nothing behind if it is interrupted during its calls', async () => {
  const run = await opsProcess(scratch.ownerUrl, ['load', '--callers', '20'], {
    at: /Race condition test/,
    signal: 'SIGINT',
  })
  expect(run.stderr).toContain('Interrupted; the load test removed its clinic.')
  expect(run.code).toBe(1)
  expect(await leftovers()).toEqual({ tenants: 0, users: 0, mails: 0 })
})

/** Returns the API's counters of bookings, as `monitor` reads them. */
async function bookings(api: string): Promise<ApiCounts> {
  const { stdout } = await ops(scratch.ownerUrl, ['monitor', '--metrics', `${api}/metrics`, '--json'])
  const counts: ApiCounts[] = JSON.parse(stdout).api
  const name = 'book_appointment_atomic'
  return counts.find((row) => row.name === name) ?? { name, calls: 0, errors: 0, deadlocks: 0 }
}

async function leftovers(): Promise<unknown> {
  const client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
  try {
    const { rows } = await client.query(
      `select (select count(*)::int from tenants where id like 'load%') as tenants, (select count(*)::int from login."user") as users,
         (select count(*)::int from login.verification) as mails`,
    )
    return rows[0]
  } finally {
    await client.end()
  }
}
