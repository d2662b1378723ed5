import { takeSample } from '../monitor/sample.ts'
import type { Examination } from './diagnosis.ts'

/**
 * Issue 2 of the guide: "deadlock detected". The functions lock in one order, so two of them never deadlock; a writer that
 * takes its locks in another order can. Raising deadlock_timeout, as the guide proposes, only makes the victims wait
 * longer, so there is no fix here.
 */
export const deadlocks: Examination = async ({ client }) => {
  const { database, waits, idleInTransaction } = await takeSample(client)
  const { rows } = await client.query<{ timeout: string; reset: string | null }>(
    `select current_setting('deadlock_timeout') as timeout,
       (select stats_reset::text from pg_stat_database where datname = current_database()) as reset`,
  )
  const [{ timeout = '', reset = null } = {}] = rows
  const since = reset === null ? '' : ` since ${reset}`
  return {
    issue: 'Deadlocks',
    findings: [
      ...(database.deadlocks > 0 ? [`${database.deadlocks} deadlocks${since}`] : []),
      ...waits
        .filter(({ seconds }) => seconds > 1)
        .map(
          ({ pid, seconds, blockedBy }) =>
            `process ${pid} has waited ${seconds.toFixed(1)} s for ${blockedBy.join(', ')}`,
        ),
      ...idleInTransaction.map(
        ({ pid, seconds, application }) =>
          `process ${pid} (${application || 'unnamed'}) has been idle in its transaction for ${Math.round(seconds)} s`,
      ),
    ],
    advice: `The API retries a deadlock's victim by itself. The server's log says which statements took part: one of them bypasses the functions. A session that is idle in a transaction can be ended with "select pg_terminate_backend(<process>)". deadlock_timeout is ${timeout}; leave it. The count is reset by "select pg_stat_reset()" (as a superuser; then analyze).`,
    fix: [],
  }
}
