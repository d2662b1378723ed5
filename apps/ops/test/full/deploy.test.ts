import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSuperuser } from '../support/as-superuser.ts'
import { catalogueOf } from '../support/catalogue.ts'
import { servers, withoutDebian } from '../support/databases.ts'
import { ops } from '../support/ops.ts'
import { deployTo } from '../support/template.ts'
import { deployBy, deployByMixture, emptyDatabases, mixtures, type Way } from '../support/ways.ts'

for (const server of servers) {
  describe.skipIf(server.platform && withoutDebian)(
    `${server.name}: all methods give the same catalogue`,
    () => {
      const fresh = emptyDatabases(server)
      let expected: Record<string, unknown[]>

      beforeAll(async () => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployBy('prisma', ownerUrl)
        expected = await catalogueOf(adminUrl)
        expect(expected.history?.length).toBeGreaterThan(12)
      })

      test.each<Way>(['prisma', 'psql', 'node', 'editor'])('%s, twice', async (way) => {
        const { ownerUrl, adminUrl } = await fresh()
        for (const _ of [1, 2]) {
          await deployBy(way, ownerUrl)
          expect(await catalogueOf(adminUrl)).toEqual(expected)
        }
      })

      test.each(mixtures)(
        'a mixture: 000 by %s, 088 and 089 by %s, through 093 by %s, the rest by %s',
        async (...ways) => {
          const { ownerUrl, adminUrl } = await fresh()
          await deployByMixture(ways, ownerUrl)
          expect(await catalogueOf(adminUrl)).toEqual(expected)
        },
      )

      test('the concurrently built index equals the one from the migration', async () => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployTo(ownerUrl, '000')
        await deployTo(ownerUrl, undefined, { concurrently: true })
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      })

      test("a clinic's existing tables are adopted as in the runbook: prisma migrate resolve, then deploy", async () => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployTo(ownerUrl, '000')
        await asSuperuser(adminUrl, 'drop table _prisma_migrations')
        expect((await ops(ownerUrl, ['deploy', '--method', 'node'])).code).toBe(1)
        const resolved = spawnSync(
          path.join(repositoryRoot, 'node_modules/.bin/prisma'),
          ['migrate', 'resolve', '--applied', '000_clinic_schema'],
          {
            cwd: repositoryRoot,
            env: { ...process.env, DATABASE_URL: ownerUrl, DIRECT_URL: ownerUrl, CHECKPOINT_DISABLE: '1' },
            encoding: 'utf8',
          },
        )
        expect(`${resolved.stdout}${resolved.stderr}`).toContain('000_clinic_schema marked as applied')
        await deployBy('psql', ownerUrl)
        const taken = await catalogueOf(adminUrl)
        expect({ ...taken, history: [] }).toEqual({ ...expected, history: [] })
        expect((await ops(ownerUrl, ['verify'])).code).toBe(0)
      })
    },
  )
}
