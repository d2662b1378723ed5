import { adminUrl } from '@vetcita/testing'
import { expect, test } from 'vitest'
import { readTarget, withClient } from '../src/database.ts'
import type { Method } from '../src/deploy/deploy.ts'
import { runByPsql } from '../src/deploy/psql-runner.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { catalogueOf } from './support/catalogue.ts'
import { servers } from './support/databases.ts'
import { setHostileSettings } from './support/hostile-settings.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'
import { emptyDatabases } from './support/ways.ts'

// No setting of a server, a database or a role changes what the commands do.

const fresh = emptyDatabases(servers[0])

test('a deploy by any method makes the same catalogue, and every command says what it says elsewhere', async () => {
  const usual = await deployedDatabase(adminUrl())
  const { schemas: _usual, history: _rows, ...expected } = await catalogueOf(usual.url)
  await usual.drop()
  const database = await fresh()
  await setHostileSettings(database.adminUrl, database.name)
  for (const [through, method] of [
    ['088', 'psql'],
    ['090', 'node'],
    ['103', 'prisma'],
    [undefined, 'psql'],
  ] as [string | undefined, Method][])
    await deployTo(database.ownerUrl, through, { method })
  const { schemas: _schemas, history, ...made } = await catalogueOf(database.adminUrl)
  expect(made).toEqual(expected)
  expect(history).toHaveLength(_rows?.length ?? 0)
  for (const command of ['verify', 'doctor', 'monitor', 'preflight']) {
    const run = await ops(database.ownerUrl, [command])
    expect(`${command} ${run.code} ${run.stdout.match(/^✗.*/gm) ?? ''}`).toBe(`${command} 0 `)
  }
})

test('a statement of psql or Node may take longer than the role allows others', async () => {
  const database = await fresh()
  await asSuperuser(
    database.adminUrl,
    `alter role vetcita_owner in database ${database.name} set statement_timeout = '200ms'`,
  )
  const target = readTarget({ DIRECT_URL: database.ownerUrl })
  await runByPsql(
    target,
    `begin; create table kept as select 'ñ\\n'::text as letter from pg_sleep(0.5); commit;`,
    () => {},
  )
  const kept = await withClient(target, async (client) => {
    const { rows } = await client.query('select letter, pg_sleep(0.3)::text as slept from public.kept')
    return rows
  })
  expect(kept).toEqual([{ letter: 'ñ\\n', slept: '' }])
})
