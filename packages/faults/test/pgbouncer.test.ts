import { noViolations, violations } from '@vetcita/db/test/sql/invariants'
import { type Pooler, pgbouncerBinary, startPgbouncer } from '@vetcita/ops/test/support/pgbouncer'
import { apiPassword, apiRole } from '@vetcita/postgres'
import { freePort } from '@vetcita/postgres/free-port'
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

  test('whoever is in the middle of something may ask again, and has one booking in the end', async () => {
    const keys = Array.from({ length: 16 }, (_, n) => `pooler-key-${n}`)
    const first = keys.map((key, n) => stage.book(n, key))
    await pooler.stop()
    const replies = await Promise.all(first)
    for (const reply of replies) {
      const isFine = reply.kind === 'answer' || (reply.kind === 'error' && reply.retryable)
      expect(isFine, JSON.stringify(reply)).toBe(true)
    }
    const gone = await stage.book(0, 'pooler-key-gone', 6)
    expect(gone).toMatchObject({
      status: 503,
      reason: 'DATABASE_UNAVAILABLE',
      retryable: true,
      retryAfter: 1,
    })

    await restart()
    const again = await Promise.all(keys.map((key, n) => stage.book(n, key)))
    for (const reply of again) expect(reply).toMatchObject({ data: { success: true } })
    const { rowCount } = await stage.admin.query('select from appointments')
    expect(rowCount).toBe(keys.length)
    expect(stage.api.child.exitCode).toBeNull()
    expect(await violations(stage.admin)).toEqual(noViolations)
  })
})
