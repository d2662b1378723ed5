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
          (await lockHolder(client)) ?? (await holders(client)),
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
 * @param work its signal is aborted if the connection is lost, and the lock with it: another deploy may then be running
 * @param patienceMs how long it waits for the lock
 * @throws Failure when another one holds it for so long
 */
export async function withMigrateLock<T>(
  client: pg.Client,
  work: (lost: AbortSignal) => Promise<T>,
  patienceMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
      migrateLock,
    ])
    if (rows[0]?.got) break
    if (Date.now() > deadline)
      throw new Failure(
        'Another deploy is running on this database.',
        (await lockHolder(client)) ?? 'It has ended just now: try again.',
      )
    await sleep(100)
  }
  const controller = new AbortController()
  const lose = () => controller.abort(new Failure(lostLock, 'Run it again: what was applied stays.'))
  client.once('end', lose)
  try {
    return await work(controller.signal)
  } catch (error) {
    controller.signal.throwIfAborted()
    throw error
  } finally {
    client.removeListener('end', lose)
    await client.query('select pg_advisory_unlock($1)', [migrateLock]).catch(() => {})
  }
}

const lostLock =
  'The connection that held the lock of deploys was lost, so the deploy stopped: another one might have begun.'

/**
 * Says who holds the lock of deploys, since when, and how to end that; null if nobody does. Behind a pooler in transaction
 * mode the lock stays with the server's session when the deploy that took it is gone.
 */
export async function lockHolder(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ who: string; pid: number; idle: boolean }>(
    `select l.pid, coalesce(a.state = 'idle', false) as idle,
       format('process %s (%s of %s, %s for %s s, connected since %s)', l.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
         coalesce(a.usename::text, 'another user'), coalesce(a.state, 'busy'),
         coalesce(round(extract(epoch from clock_timestamp() - a.state_change))::text, '?'),
         to_char(a.backend_start, 'YYYY-MM-DD HH24:MI TZ')) as who
     from pg_locks l left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
       and l.database = (select oid from pg_database where datname = current_database())
       and l.classid = 0 and l.objid = $1 and l.objsubid = 1`,
    [migrateLock],
  )
  const [holder] = rows
  if (holder === undefined) return null
  const end = `"select pg_terminate_backend(${holder.pid});"`
  return holder.idle
    ? `Its lock is held by ${holder.who}. If no deploy runs anywhere, a pooler has kept the session of one that is gone: end it with ${end}, and set DIRECT_URL to the server itself.`
    : `Its lock is held by ${holder.who}: wait for it, or end it with ${end}.`
}

/** Whose transactions hold locks on the clinics' tables, the oldest first, as a sentence. */
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
