import process from 'node:process'
import { describe, test } from 'vitest'
import type { Method } from '../../src/deploy/deploy.ts'
import { servers, withoutDebian } from '../support/databases.ts'
import { deployBesideLockHolder, deployUnderBookings } from '../support/live-deploy.ts'

// The runbook's numbers come from these tests.
const rows = Number(process.env.OPS_APPOINTMENTS ?? 100_000)

for (const server of servers) {
  describe.skipIf(server.platform && withoutDebian)(server.name, () => {
    test(`088 to 090 on ${rows} appointments under live bookings: none fails, none waits over a second`, async () => {
      await deployUnderBookings(server, rows, server.platform ? 'psql' : 'node')
    }, 900_000)

    test.each<Method>(['prisma', 'psql', 'node'])(
      'a deploy by %s yields to a transaction that locks the table, and retries',
      async (method) => {
        await deployBesideLockHolder(server, method)
      },
    )
  })
}
