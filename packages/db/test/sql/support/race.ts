import { setTimeout as sleep } from 'node:timers/promises'
import {
  becomeText,
  type Caller,
  callText,
  codeOf,
  type Outcome,
  outcomeOf,
} from '@vetcita/testing/sql/calls'
import type { Clinic } from '@vetcita/testing/sql/clinic'
import pg from 'pg'

/** A caller and their statement, as SQL text. */
export type Racer = { caller: Caller; text: string }

/**
 * Where the callers wait before they are released together:
 * - `door`: before their call, so that all calls begin at the same time
 * - `vet`: inside the function, at the lock of the vet's row, so that a function which trusts what it read before the lock
 *   is caught
 */
export type Gate = 'door' | 'vet'

/** The result of a caller: the outcome's code, or the SQLSTATE of an error. */
export type Finish = { outcome: Outcome | null; code: string }

const door = 7_201_964

/** Sends one statement on each connection, waits until all wait at the gate, releases them, and returns their results. */
export async function race(
  gatekeeper: pg.Client,
  clients: readonly pg.Client[],
  racers: readonly Racer[],
  gate: Gate,
  clinic: Clinic,
): Promise<Finish[]> {
  await gatekeeper.query('begin')
  await gatekeeper.query(
    gate === 'door'
      ? `select pg_advisory_xact_lock(${door})`
      : `select from profiles where tenant_id = '${clinic.tenant}' and role in ('vet', 'admin')
         order by tenant_id, id for no key update`,
  )
  const early: string[] = []
  const finishes = racers.map(async (racer, index): Promise<Finish> => {
    const client = clients[index]
    if (client === undefined) throw new Error('fewer connections than callers')
    const wait = gate === 'door' ? `select pg_advisory_xact_lock_shared(${door});` : ''
    try {
      const outcome = await outcomeOf(client, `${wait} ${becomeText(racer.caller)}; ${racer.text}`)
      early.push(codeOf(outcome))
      return { outcome, code: codeOf(outcome) }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      early.push(error.message)
      return { outcome: null, code: error.code ?? 'an error' }
    }
  })
  try {
    await gathered(gatekeeper, racers.length, early)
  } finally {
    await gatekeeper.query('commit')
  }
  return Promise.all(finishes)
}

/** Waits until that many of this database's connections wait for a lock. */
async function gathered(watcher: pg.Client, count: number, early: readonly string[]): Promise<void> {
  let waiting = -1
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(25)) {
    if (early.length > 0) throw new Error(`A caller did not wait at the gate: ${early[0]}`)
    // within a transaction, the view is otherwise read only once
    await watcher.query('select pg_stat_clear_snapshot()')
    const result = await watcher.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    waiting = result.rows[0]?.count ?? 0
    if (waiting >= count) return
  }
  throw new Error(`Only ${waiting} of ${count} callers wait at the gate`)
}

/** Counts the results by code. */
export function tally(finishes: readonly Finish[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of finishes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** Returns a racer that calls a function. */
export function racer(caller: Caller, name: string, args: Parameters<typeof callText>[1]): Racer {
  return { caller, text: `select ${callText(name, args)} as outcome` }
}

/** Returns how many of the `requested` callers the server has connections for; by default it allows a hundred in all. */
export async function crowd(client: pg.Client, requested: number): Promise<number> {
  const result = await client.query<{ free: number }>(
    `select current_setting('max_connections')::int - 40 as free`,
  )
  return Math.min(requested, result.rows[0]?.free ?? 0)
}
