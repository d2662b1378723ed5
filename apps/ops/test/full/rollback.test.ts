import { describe, test } from 'vitest'
import { emptyDatabase, servers, withoutDebian } from '../support/databases.ts'
import { rollbackUnderBookings } from '../support/live-rollback.ts'
import { deployTo } from '../support/template.ts'
import type { Way } from '../support/ways.ts'

for (const server of servers) {
  describe.skipIf(server.platform && withoutDebian)(server.name, () => {
    test.each<Way>(['prisma', 'editor'])(
      'rollback and redeploy by %s under live traffic: 503 with a code in between, and no booking lost',
      async (way) => {
        const database = await emptyDatabase(server.url(), server.platform)
        try {
          await deployTo(database.ownerUrl)
          await rollbackUnderBookings(database, way)
        } finally {
          await database.drop()
        }
      },
    )
  })
}
