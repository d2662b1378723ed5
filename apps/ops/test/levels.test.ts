import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMigrations } from '../src/migrations.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { emptyDatabase } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

// A database may stay at any level for a while, and every command has to work there.

const migrations = readMigrations()
let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await deployedDatabase(adminUrl(), '000')
})
afterAll(async () => {
  await scratch.drop()
})

/** What a command prints to people about a level, when it says that all is well. */
async function healthy(number: string): Promise<void> {
  for (const command of [['verify', '--through', number], ['doctor', '--through', number], ['monitor']]) {
    const run = await ops(scratch.ownerUrl, command)
    expect(`${number} ${command[0]} ${run.code}: ${run.stdout.match(/^✗.*(\n {4}.*)*/gm) ?? ''}`).toBe(
      `${number} ${command[0]} 0: `,
    )
  }
}

test('verify, doctor, monitor and rollback work at each level, up and down', async () => {
  for (const { number } of migrations) {
    await deployTo(scratch.ownerUrl, number)
    await healthy(number)
  }
  for (const [at, { number }] of [...migrations.entries()].reverse()) {
    const run = await ops(scratch.ownerUrl, ['rollback', number])
    expect(`${number} ${run.code} ${run.stderr.match(/❌.*/)?.[0] ?? ''}`).toBe(`${number} 0 `)
    const before = migrations[at - 1]
    if (before !== undefined) {
      const verified = await ops(scratch.ownerUrl, ['verify', '--through', before.number])
      expect(`${before.number} ${verified.stdout.match(/^✗.*/gm) ?? ''}`).toBe(`${before.number} `)
    }
  }
})

test('PostgREST is notified of a deploy, a fix and a rollback; every table is analyzed', async () => {
  const database = await emptyDatabase(adminUrl(), false)
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const heard: string[] = []
  client.on('notification', ({ payload = '' }) => heard.push(payload))
  await client.query('listen pgrst')
  try {
    await deployTo(database.ownerUrl, '090')
    await client.query('select')
    expect(heard).toEqual(['reload schema'])
    const { rows } = await client.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples < 0`,
    )
    expect(rows).toEqual([])

    await asSuperuser(database.adminUrl, 'drop function merge_cart_atomic(uuid, text, jsonb)')
    expect((await ops(database.ownerUrl, ['doctor', '--through', '090', '--fix'])).code).toBe(0)
    await client.query('select')
    expect(heard).toHaveLength(2)
    await ops(database.ownerUrl, ['rollback', '090'])
    await client.query('select')
    expect(heard).toHaveLength(3)
  } finally {
    await client.end()
    await database.drop()
  }
})
