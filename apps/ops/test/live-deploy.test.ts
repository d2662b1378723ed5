import { test } from 'vitest'
import { servers } from './support/databases.ts'
import { deployBesideLockHolder, deployUnderBookings } from './support/live-deploy.ts'

/** With 100,000 appointments and by each way: full/live-deploy.test.ts. */
test('088 to 090 under live bookings: none fails, none waits over a second', async () => {
  await deployUnderBookings(servers[0], 3_000, 'node')
})

test('a deploy gives way to a transaction that holds the table, and tries again', async () => {
  await deployBesideLockHolder(servers[0], 'psql')
})
