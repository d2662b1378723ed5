import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyDatabase } from '../../src/catalogue/verify.ts'
import { readMigrations } from '../../src/migrations.ts'
import { breakages, verdictOn } from '../support/breakages.ts'
import { emptyDatabase, servers, withoutDebian } from '../support/databases.ts'
import { deployTo } from '../support/template.ts'

const [, debian] = servers

describe.skipIf(withoutDebian)(`${debian.name}: verify names the cause of each single breakage`, () => {
  let client: pg.Client
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await emptyDatabase(debian.url(), true)
    drop = database.drop
    await deployTo(database.ownerUrl)
    client = new pg.Client({ connectionString: database.adminUrl })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await drop()
  })

  test('and none in an intact database', async () => {
    const { checks } = await verifyDatabase(client, readMigrations(), undefined)
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  })

  test.each(breakages)('%s', async (_what, sql, cause) => {
    expect(await verdictOn(client, sql)).toContain(cause)
  })
})
