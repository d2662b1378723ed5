import { beforeAll, describe, expect, test } from 'vitest'
import { catalogueOf } from './support/catalogue.ts'
import { servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployTo } from './support/template.ts'
import { deployByMixture, emptyDatabases, mixtures, paste } from './support/ways.ts'

// full/deploy.test.ts tests every method and every mixture on each server.
for (const [at, server] of servers.entries()) {
  describe.skipIf(server.platform && withoutDebian)(
    `${server.name}: all methods give the same catalogue`,
    () => {
      const fresh = emptyDatabases(server)
      let expected: Record<string, unknown[]>

      beforeAll(async () => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployTo(ownerUrl)
        expected = await catalogueOf(adminUrl)
        expect(expected.history?.length).toBeGreaterThan(12)
      })

      test.each(mixtures.slice(at, at + 1))(
        'a mixture: 000 by %s, 088 and 089 by %s, through 093 by %s, the rest by %s',
        async (...ways) => {
          const { ownerUrl, adminUrl } = await fresh()
          await deployByMixture(ways, ownerUrl)
          expect(await catalogueOf(adminUrl)).toEqual(expected)
        },
      )

      if (server.platform) return

      test('psql, twice, with the output of the guide', async () => {
        const { ownerUrl, adminUrl } = await fresh()
        const { stdout, stderr, code } = await ops(ownerUrl, ['deploy', '--method', 'psql'])
        expect(code).toBe(0)
        expectAsInRunbook(`${stderr}${stdout}`, 'Deploying to')
        expect(stdout).toMatch(/091_\w+ held an exclusive lock on appointments for \d+ ms at most\./)
        expect(await catalogueOf(adminUrl)).toEqual(expected)
        const again = await ops(ownerUrl, ['deploy', '--method', 'psql'])
        expect(again.stdout).toBe('Nothing to do: all migrations are already applied.\n')
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      })

      test('the editor script, pasted twice, after the index was built concurrently', async () => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployTo(ownerUrl, '000')
        await deployTo(ownerUrl, '088', { concurrently: true })
        await paste(ownerUrl)
        await paste(ownerUrl)
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      })
    },
  )
}
