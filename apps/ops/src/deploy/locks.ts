import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { sqlStateOf } from '../database.ts'
import { Failure } from '../failure.ts'
import { migrateLock } from '../history.ts'

/** How long a migration waits for a lock, and how many attempts it gets. */
export type Patience = { lockTimeoutMs: number; attempts: number }

/** Lock timeout and deadlock: the migration was rolled back because of other sessions' locks. */
const lockFailures = new Set(['55P03', '40P01'])

const firstPauseMs = 200
const longestPauseMs = 5_000

/**
 * Runs one migration, and retries it if it did not get its locks in time. A statement that waits for a lock blocks those
 * that queue behind it, so it waits only briefly, gives up, and is retried.
 *
 * @param waiting is called after each failed attempt
 * @throws Failure after the last attempt, naming the holders of the locks; any other error of `attempt` at once
 */
export async function retryOnLock(
  client: pg.Client,
  { attempts }: Patience,
  attempt: () => Promise<void>,
  waiting: (attempt: number) => void,
): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!lockFailures.has(stateOf(error) ?? '')) throw error
      if (count >= attempts)
        throw new Failure(
          `The tables stayed locked during ${attempts} attempts. The last one changed nothing.`,
          await holders(client),
        )
      waiting(count)
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** count)
      await sleep(pause / 2 + (Math.random() * pause) / 2)
    }
  }
}

/** A failure that psql or Prisma reported, with its SQLSTATE. */
export class ScriptFailure extends Error {
  readonly sqlState: string | undefined

  constructor(message: string, sqlState: string | undefined) {
    super(message)
    this.sqlState = sqlState
  }
}

/** Returns the SQLSTATE of a failed migration, whatever the method. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof ScriptFailure ? error.sqlState : sqlStateOf(error)
}

/**
 * Holds Prisma Migrate's advisory lock during the work, so that two deploys never interleave, whatever their methods.
 *
 * @throws Failure if another process holds it for ten seconds
 */
export async function withMigrateLock<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
      migrateLock,
    ])
    if (rows[0]?.got) break
    if (Date.now() > deadline)
      throw new Failure('Another deploy is running on this database.', 'Wait for it, then try again.')
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrateLock]).catch(() => {})
  }
}

/** Returns a sentence that names the transactions holding locks on the clinics' tables, oldest first. */
async function holders(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ who: string }>(
    `select format('process %s (%s, %s, %s s in its transaction)', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
       a.state, round(extract(epoch from clock_timestamp() - a.xact_start))) as who
     from pg_stat_activity a
     where a.pid <> pg_backend_pid() and a.datname = current_database() and a.xact_start is not null
       and exists (
         select from pg_locks l join pg_class c on c.oid = l.relation
         where l.pid = a.pid and l.granted and c.relnamespace = 'public'::regnamespace
       )
     order by a.xact_start
     limit 3`,
  )
  return rows.length === 0
    ? 'They are free now: try again, or at a quieter time.'
    : `They are held by ${rows.map(({ who }) => who).join(', ')}. "select pg_terminate_backend(<process>)" ends one.`
}
