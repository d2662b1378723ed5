import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@vetcita/testing/sql/calls'
import type { TestDatabase } from '@vetcita/testing/sql/database'
import type pg from 'pg'

export type Interleaving = {
  /** What the first transaction does and holds: the lock that the call will wait for. */
  hold: string
  /** The call, on a connection of its own. */
  call: (client: pg.Client) => Promise<Outcome>
  /** What the first transaction does once the call waits, before it commits. */
  meanwhile: string
}

/**
 * One interleaving, enforced: a transaction takes a lock, the call runs into it (seen in `pg_blocking_pids`, not
 * hoped for), the transaction changes the world and commits, the call goes on.
 */
export async function interleave(
  db: TestDatabase,
  { hold, call, meanwhile }: Interleaving,
): Promise<Outcome> {
  const [holder, caller] = await pair(db)
  try {
    await holder.query('begin')
    await holder.query(hold)
    const outcome = call(caller)
    // an error that comes before anybody awaits it is told by the await below
    outcome.catch(() => {})
    await blocked(db.admin, await backendPid(holder), outcome)
    await holder.query(meanwhile)
    await holder.query('commit')
    return await outcome
  } finally {
    // after a failure the transaction is still open; the call is let go, so that the next test finds nobody waiting
    await holder.query('rollback')
  }
}

const pairs = new WeakMap<TestDatabase, Promise<[pg.Client, pg.Client]>>()

/** Two connections, the same for every interleaving of a database. */
function pair(db: TestDatabase): Promise<[pg.Client, pg.Client]> {
  const known = pairs.get(db)
  if (known !== undefined) return known
  const made = Promise.all([db.connect(), db.connect()])
  pairs.set(db, made)
  return made
}

/** The server's number of a connection. */
export async function backendPid(client: pg.Client): Promise<number> {
  const result = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const row = result.rows[0]
  if (row === undefined) throw new Error('no backend')
  return row.pid
}

/** Waits until that many connections wait for what this one holds, directly or behind one another. */
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
