import { setTimeout as sleep } from 'node:timers/promises'
import { book, codeOf, mergeCart, textOf, user } from '@vetcita/testing/sql/calls'
import { at } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { type Ledger, noViolations, violations } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { populate } from './support/population.ts'
import { backendPid } from './support/waiting.ts'

// Connections are killed at random moments. A caller that loses an answer repeats the request with the same key on a new
// connection.

const db = await fileDatabase()

test('a retry after a lost answer never finds its own booking in the way', {
  timeout: 120_000,
}, async () => {
  const { clinic, owners, vets } = await populate(db.admin, 8, 8)
  const alive = new Map<number, number>()
  const appointmentIds: string[] = []
  const cartLines: Array<Ledger['cartLines'][number]> = []
  const codes = new Set<string>()
  let lost = 0
  let working = true

  // Limited by number and not by time: on a slow machine, killing without end would let no caller get an answer.
  const killer = (async () => {
    for (let kills = 0; working && kills < 60; await sleep(Math.random() * 40)) {
      const pids = [...alive.values()]
      const victim = pids[Math.floor(Math.random() * pids.length)]
      if (victim === undefined) continue
      // The process may have ended, and its number may now be another test's.
      await db.rows(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and datname = current_database()',
        [victim],
      )
      kills += 1
    }
  })()

  const connections = new Map<number, pg.Client>()
  /** Retries until there is an answer, on a new connection after each that was lost. */
  async function untilAnswered<T>(worker: number, attempt: (client: pg.Client) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const client = connections.get(worker) ?? (await db.connect())
        connections.set(worker, client)
        alive.set(worker, await backendPid(client))
        return await attempt(client)
      } catch {
        lost += 1
        connections.delete(worker)
      } finally {
        alive.delete(worker)
      }
    }
  }

  await Promise.all(
    owners.map(async ({ owner, pet }, worker) => {
      for (let step = 0; step < 12; step++) {
        const args = {
          p_tenant_id: clinic.tenant,
          p_pet_id: pet,
          p_service_id: clinic.service,
          p_vet_id: vets[worker] ?? '',
          p_start_time: at(5 + step, '10:00'),
          p_idempotency_key: `step ${step}`,
        }
        // the pause widens the gap between commit and answer, in which a kill loses only the answer
        const outcome = await untilAnswered(worker, async (client) => {
          const answer = await book(client, user(owner), args)
          await client.query('select pg_sleep(0.01)')
          return answer
        })
        codes.add(codeOf(outcome))
        appointmentIds.push(textOf(outcome, 'appointment_id'))
        const quantity = 1 + step
        await untilAnswered(worker, (client) =>
          mergeCart(client, user(owner), {
            p_customer_id: owner,
            p_tenant_id: clinic.tenant,
            p_new_items: [{ type: 'product', id: clinic.product, quantity }],
          }),
        )
        cartLines.push({
          tenantId: clinic.tenant,
          customerId: owner,
          type: 'product',
          id: clinic.product,
          quantity,
        })
      }
    }),
  )
  working = false
  await killer

  expect(lost).toBeGreaterThan(0)
  expect([...codes].filter((code) => code !== 'success' && code !== 'replayed')).toEqual([])
  expect(new Set(appointmentIds).size).toBe(8 * 12)
  expect(await db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant])).toBe(
    96,
  )
  expect(await violations(db.admin, { appointmentIds, cartLines })).toEqual(noViolations)
})
