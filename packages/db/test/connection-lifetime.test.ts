import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Database } from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'

const { connect } = await apiDatabase()

const pidOf = async (db: Pick<Database, '$queryRaw'>) =>
  (await db.$queryRaw`select pg_backend_pid() as pid`) as unknown

it('replaces a connection after its lifetime, and with it the plans that the server kept', async () => {
  const db = connect({ poolSize: 1, connectionLifetimeSeconds: 1 })
  const first = await pidOf(db)
  await expect.poll(() => pidOf(db), { timeout: 20_000 }).not.toEqual(first)
})

it('lets a transaction end that began before', async () => {
  const db = connect({ poolSize: 1, connectionLifetimeSeconds: 1 })
  const [first, last] = await db.$transaction(async (tx) => {
    const before = await pidOf(tx)
    await sleep(1_500)
    return [before, await pidOf(tx)]
  })
  expect(last).toEqual(first)
})
