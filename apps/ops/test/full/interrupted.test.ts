import { beforeAll, describe, expect, test } from 'vitest'
import { editorScript } from '../../src/deploy/compose.ts'
import type { Method } from '../../src/deploy/deploy.ts'
import { readMigrations } from '../../src/migrations.ts'
import { asSuperuser } from '../support/as-superuser.ts'
import { overlappingAppointments } from '../support/big-clinic.ts'
import { catalogueOf } from '../support/catalogue.ts'
import { servers, withoutDebian } from '../support/databases.ts'
import { ops, opsProcess } from '../support/ops.ts'
import { deployTo } from '../support/template.ts'
import { deployBy, emptyDatabases, type Way } from '../support/ways.ts'

for (const server of servers) {
  describe.skipIf(server.platform && withoutDebian)(`${server.name}: interrupted and run again`, () => {
    const fresh = emptyDatabases(server)
    let expected: Record<string, unknown[]>

    beforeAll(async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await deployTo(ownerUrl)
      expected = await catalogueOf(adminUrl)
    })

    test.each<[Method, Way, RegExp]>([
      ['node', 'psql', /✅ 000/],
      ['node', 'prisma', /✅ 089/],
      ['psql', 'editor', /✅ 088/],
      ['psql', 'node', /Applying 091/],
      ['prisma', 'node', /Applying migration `090/],
      ['prisma', 'prisma', /Applying migration `097/],
    ])('killed in the midst of a deploy by %s, %s brings it to the same end', async (first, second, at) => {
      const { ownerUrl, adminUrl } = await fresh()
      const { code } = await opsProcess(ownerUrl, ['deploy', '--method', first], { at })
      expect(code).not.toBe(0)
      await deployBy(second, ownerUrl)
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    test.each<Way>(['editor', 'prisma'])("half of the editor's script, then %s", async (second) => {
      const { ownerUrl, adminUrl } = await fresh()
      const script = editorScript(readMigrations(), 500)
      const half = script.slice(
        0,
        script.indexOf('commit;', script.indexOf("'089_atomic")) + 'commit;'.length,
      )
      await asSuperuser(ownerUrl, half)
      await deployBy(second, ownerUrl)
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    test.each<Method>(['prisma', 'psql', 'node'])(
      'a migration that fails by %s is rolled back completely and named, and runs after the cause is fixed',
      async (method) => {
        const { ownerUrl, adminUrl } = await fresh()
        await deployTo(ownerUrl, '090')
        await asSuperuser(adminUrl, overlappingAppointments)
        const run = await ops(ownerUrl, ['deploy', '--method', method])
        expect(run.code).toBe(1)
        expect(run.stderr).toContain('❌ Migration failed')
        expect(run.stderr).toContain('active appointments begin while their vet is still busy')
        await asSuperuser(
          adminUrl,
          'delete from appointments; delete from pets; delete from services; delete from profiles; delete from tenants',
        )
        await deployBy(method, ownerUrl)
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      },
    )
  })
}
