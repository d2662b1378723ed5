import { test } from 'vitest'
import { servers } from './support/databases.ts'
import { deployBesideLockHolder, deployUnderBookings } from './support/live-deploy.ts'

// full/live-deploy.test.ts does this with 100,000 appointments and each method.
test('deploying 088 to 090 fails no live booking and delays none by more than a second', async () => {
  await deployUnderBookings(servers[0], 3_000, 'node')
})

test('a deploy yields to a transaction that locks the table, and retries', async () => {
  await deployBesideLockHolder(servers[0], 'psql')
})
