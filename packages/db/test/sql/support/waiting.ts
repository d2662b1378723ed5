import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@vetcita/testing/sql/calls'
import type { TestDatabase } from '@vetcita/testing/sql/database'
import type pg from 'pg'

export type Interleaving = {
  /** SQL of the first transaction: takes the lock that the call will wait for. */
  hold: string
  /** The call, on another connection. */
  call: (client: pg.Client) => Promise<Outcome>
  /** SQL of the first transaction while the call waits, before it commits. */
  whileWaiting: string
}

/**
 * Enforces one interleaving: a transaction takes a lock, the call waits for it (as `pg_blocking_pids` confirms), the
 * transaction changes something and commits, the call continues.
 */
export async function interleave(
  db: TestDatabase,
  { hold, call, whileWaiting }: Interleaving,
): Promise<Outcome> {
  const [holder, caller] = await pair(db)
  try {
    await holder.query('begin')
    await holder.query(hold)
    const outcome = call(caller)
    // an early error is rethrown by the await below
    outcome.catch(() => {})
    await blocked(db.admin, await backendPid(holder), outcome)
    await holder.query(whileWaiting)
    await holder.query('commit')
    return await outcome
  } finally {
    // after a failure the transaction is still open: release the call, so that nothing waits during the next test
    await holder.query('rollback')
  }
}

const pairs = new WeakMap<TestDatabase, Promise<[pg.Client, pg.Client]>>()

/** Returns two connections, the same for every interleaving of a database. */
function pair(db: TestDatabase): Promise<[pg.Client, pg.Client]> {
  const known = pairs.get(db)
  if (known !== undefined) return known
  const made = Promise.all([db.connect(), db.connect()])
  pairs.set(db, made)
  return made
}

/** Returns the process id of a connection's backend. */
export async function backendPid(client: pg.Client): Promise<number> {
  const result = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const row = result.rows[0]
  if (row === undefined) throw new Error('no backend')
  return row.pid
}

/** Waits until that many connections wait for locks of this backend, directly or behind one another. */
async function waiters(watcher: pg.Client, holderPid: number, count: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(5)) {
    const result = await watcher.query<{ count: number }>(
      `with recursive waiting (pid) as (
         select $1::integer
         union
         select a.pid from pg_stat_activity a, waiting w
         where a.wait_event_type = 'Lock' and a.datname = current_database() and w.pid = any (pg_blocking_pids(a.pid))
       )
       select count(*)::int - 1 as count from waiting`,
      [holderPid],
    )
    if ((result.rows[0]?.count ?? 0) >= count) return
  }
  throw new Error(`fewer than ${count} connections wait`)
}

async function blocked(watcher: pg.Client, holderPid: number, outcome: Promise<Outcome>): Promise<void> {
  const early = outcome.then((result) => {
    throw new Error(`The call did not wait: ${JSON.stringify(result)}`)
  })
  await Promise.race([waiters(watcher, holderPid, 1), early])
}
