import { apiRole } from '@vetcita/postgres'
import { freePort } from '@vetcita/postgres/free-port'
import { apiPassword } from '@vetcita/testing'
import { type Pooler, pgbouncerBinary, startPgbouncer } from '@vetcita/testing/pgbouncer'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, setStage } from '../src/stage.ts'

const title =
  pgbouncerBinary === undefined
    ? 'PgBouncer restarts (skipped: pgbouncer is not installed, "apt-get install pgbouncer")'
    : 'PgBouncer restarts'

describe.skipIf(pgbouncerBinary === undefined)(title, () => {
  let pooler: Pooler
  let stage: Stage
  let restart: () => Promise<void>
  beforeAll(async () => {
    const port = await freePort()
    stage = await setStage({}, async (apiUrl) => {
      const start = () => startPgbouncer(apiUrl, { [apiRole]: apiPassword }, { port })
      pooler = await start()
      restart = async () => {
        pooler = await start()
      }
      return pooler.through(apiUrl)
    })
  })
  afterAll(async () => {
    await stage.stop()
    await pooler.stop()
  })

  test.for([
    ['SIGINT', 6],
    ['SIGKILL', 7],
  ] as const)('%s: calls in progress may be retried, and end in one booking each', async ([signal, day]) => {
    const before = await bookings()
    const restore = await spoil(stage.admin, 'book_appointment_atomic', [
      [/if p_duration_minutes not between/, 'perform pg_sleep(0.3); if p_duration_minutes not between'],
    ])
    const keys = Array.from({ length: 12 }, (_, n) => `pooler-key-${signal}-${n}`)
    const first = keys.map((key, n) => stage.book(n, key, day))
    await expect.poll(sleeping).toBeGreaterThan(0)
    await pooler.stop(signal)
    const replies = await Promise.all(first)
    await restore()
    for (const reply of replies) {
      const isFine = reply.kind === 'answer' || (reply.kind === 'error' && reply.retryable)
      expect(isFine, JSON.stringify(reply)).toBe(true)
    }
    expect(replies.filter(({ kind }) => kind === 'error').length).toBeGreaterThan(0)
    const gone = await stage.book(12, `pooler-key-${signal}-gone`, day)
    expect(gone).toMatchObject({
      status: 503,
      reason: 'DATABASE_UNAVAILABLE',
      retryable: true,
      retryAfter: 1,
    })

    await restart()
    const again = await Promise.all(keys.map((key, n) => stage.book(n, key, day)))
    for (const reply of again) expect(reply).toMatchObject({ data: { success: true } })
    expect(await bookings()).toBe(before + keys.length)
    expect(stage.api.child.exitCode).toBeNull()
    expect(await violations(stage.admin)).toEqual(noViolations)
  })

  const bookings = async () => (await stage.admin.query('select from appointments')).rowCount ?? 0

  /** Returns how many bookings are in progress. */
  const sleeping = async () =>
    (
      await stage.admin.query(
        `select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
      )
    ).rowCount ?? 0
})
