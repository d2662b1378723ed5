import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redFlags } from '../src/monitor/flags.ts'
import { takeSample } from '../src/monitor/sample.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await deployedDatabase(adminUrl())
})
afterAll(async () => {
  await scratch.drop()
})

test('reports a wait for a lock as a red flag', async () => {
  const [holder, waiter] = [scratch.url, scratch.url].map((url) => new pg.Client({ connectionString: url }))
  if (!holder || !waiter) throw new Error('no clients')
  await Promise.all([holder.connect(), waiter.connect()])
  await holder.query('begin; lock table carts')
  const waiting = waiter.query('select count(*) from carts')
  await new Promise((resolve) => setTimeout(resolve, 1_300))
  const run = await ops(scratch.ownerUrl, ['monitor'])
  expect(run.stdout).toMatch(/✗ process \d+ waits \d+\.\d s for \d+/)
  expect(run.code).toBe(1)
  await holder.query('rollback')
  await waiting
  await Promise.all([holder.end(), waiter.end()])
  expect((await ops(scratch.ownerUrl, ['monitor'])).code).toBe(0)
})

test('--watch takes samples repeatedly', async () => {
  const run = await ops(scratch.ownerUrl, ['monitor', '--watch', '300ms', '--every', '100ms', '--json'])
  expect(JSON.parse(run.stdout).samples.length).toBeGreaterThan(1)
  expect(run.code).toBe(0)
})

test('uses the thresholds of the guide', async () => {
  const client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
  const sample = await takeSample(client)
  await client.end()
  const flagsOf = (meanMs: number, maxMs: number) =>
    redFlags(
      { ...sample, functions: [{ name: 'book_appointment_atomic', calls: 1, meanMs, maxMs }] },
      undefined,
    )
  expect(flagsOf(500, 5_000)).toEqual([])
  expect(flagsOf(501, 5_000)).toEqual([expect.stringContaining('takes 501 ms on average')])
  expect(flagsOf(500, 5_001)).toEqual([expect.stringContaining('once took 5001 ms')])
})

describe.skipIf(withoutDebian)(
  "on Debian's PostgreSQL, which counts calls and has pg_stat_statements",
  () => {
    test('prints calls, mean and maximum of each function, and reports a slow one as a red flag', async () => {
      const database = await emptyDatabase(servers[1].url(), true)
      try {
        await deployTo(database.ownerUrl)
        await asSuperuser(
          database.adminUrl,
          `create extension pg_stat_statements;
         alter function merge_cart_atomic(uuid, text, jsonb) rename to merge_cart_quick;
         create function merge_cart_atomic(p_customer_id uuid, p_tenant_id text, p_new_items jsonb) returns jsonb language plpgsql
           as $$ begin perform pg_sleep(0.55); return '{}'; end $$`,
        )
        await asSuperuser(database.adminUrl, `select merge_cart_atomic(gen_random_uuid(), 'clinic', '[]')`)
        await asSuperuser(
          database.adminUrl,
          `select reschedule_appointment_atomic(gen_random_uuid(), now(), gen_random_uuid())`,
        )
        // as a superuser, because other users' statements are hidden
        const run = await ops(database.adminUrl, ['monitor', '--json'])
        const { sample, flags } = JSON.parse(run.stdout)
        const of = (name: string) => sample.functions.find((row: { name: string }) => row.name === name)
        expect(of('merge_cart_atomic')).toMatchObject({ calls: 1 })
        expect(of('merge_cart_atomic').meanMs).toBeGreaterThan(500)
        expect(of('merge_cart_atomic').maxMs).toBeGreaterThan(500)
        expect(of('reschedule_appointment_atomic').maxMs).toBeGreaterThan(0)
        expect(of('login.signed_in')).toMatchObject({ calls: 0, meanMs: null })
        expect(flags).toEqual([expect.stringMatching(/^merge_cart_atomic takes \d+ ms on average/)])
        expect(run.code).toBe(1)
      } finally {
        await database.drop()
      }
    })
  },
)
