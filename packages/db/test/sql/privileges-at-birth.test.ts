import { compareCatalogues } from '@vetcita/catalogue/compare'
import { expectedAfter } from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import { migrationFolders } from '@vetcita/postgres'
import { applyMigrations } from '@vetcita/testing'
import { sqlState } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase, textOf } from './support/fresh-database.ts'

/** A database as a platform hands it over: whatever its owner makes is everybody's, and so is the history. */
async function generousDatabase(): Promise<FreshDatabase> {
  const fresh = await freshDatabase('empty')
  await fresh.client.query(
    ['tables', 'sequences', 'functions', 'schemas', 'types']
      .map(
        (kind) =>
          `alter default privileges grant all on ${kind} to public, anon, authenticated, service_role;`,
      )
      .join('\n'),
  )
  await fresh.client.query(`
    create table _prisma_migrations (id text primary key);
    insert into _prisma_migrations values ('000');
    create table a_table_of_its_owner (id integer);
    grant usage on schema public to public`)
  return fresh
}

const may = (client: FreshDatabase['client'], table: string) =>
  client.query(
    `select r as role, p as privilege
     from unnest(array['anon', 'authenticated', 'service_role']) r
     cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
     where has_table_privilege(r, $1, p)`,
    [table],
  )

test('after each migration, clients have the rights that the manifest lists, whatever a platform grants by default', async () => {
  const { client } = await generousDatabase()
  // otherwise the defaults did not take effect, and this test would show nothing
  expect((await may(client, 'a_table_of_its_owner')).rows).toHaveLength(21)
  await client.query('drop table a_table_of_its_owner')
  const folders = await migrationFolders()
  for (const [index, folder] of folders.entries()) {
    await client.query(await textOf(folder))
    const { catalogue, origin } = expectedAfter(folders.slice(0, index + 1))
    expect(compareCatalogues(catalogue, await readCatalogue(client), origin), folder).toEqual([])
    expect((await may(client, '_prisma_migrations')).rows, folder).toEqual([])
  }
})

test('at 096 nobody reads profiles, makes themselves admin, or deletes the history', async () => {
  const { url, admin } = await generousDatabase()
  await applyMigrations(url, { through: '096' })
  for (const role of ['anon', 'authenticated'])
    for (const attack of [
      'select full_name, phone from profiles',
      `update profiles set role = 'admin'`,
      `insert into profiles (tenant_id, role, full_name) values ('adris', 'admin', 'Me')`,
      'delete from appointment_events',
      'truncate appointments cascade',
      'delete from _prisma_migrations',
    ]) {
      await admin.query(`begin; set local role ${role}`)
      expect(await sqlState(admin.query(attack)), `${role}: ${attack}`).toBe('42501')
      await admin.query('rollback')
    }
})
