import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { migrationFolders } from '@vetcita/postgres'
import { expect, onTestFinished, test } from 'vitest'
import { adminUrl, applyMigrations, migratedTemplate, scratchDatabase } from '../src/index.ts'
import { value } from './value.ts'

async function migrations(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, sql] of Object.entries(files)) {
    await mkdir(path.join(folder, name))
    await writeFile(path.join(folder, name, 'migration.sql'), sql)
  }
  await writeFile(path.join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n')
  return folder
}

const three = {
  '002_second': 'insert into steps values (2);',
  '001_first': `create table steps (step int); insert into steps values (1); do $$ begin raise notice 'first; done'; end $$;`,
  '003_third': 'insert into steps values (3);',
}

test('a template holds the migrations in order, and applyMigrations returns their notices', async () => {
  const folder = await migrations(three)
  const scratch = await scratchDatabase(
    adminUrl(),
    await migratedTemplate(adminUrl(), { folder, through: '002' }),
  )
  onTestFinished(() => scratch.drop())
  expect(await value(scratch.url, `select string_agg(step::text, ',') from steps`)).toBe('1,2')
  expect(await applyMigrations(scratch.ownerUrl, { folder, from: '003' })).toEqual([
    { folder: '003_third', notices: [] },
  ])

  await value(scratch.ownerUrl, 'drop table steps')
  expect(await applyMigrations(scratch.ownerUrl, { folder, skip: ['002'] })).toEqual([
    { folder: '001_first', notices: ['first; done'] },
    { folder: '003_third', notices: [] },
  ])
})

test('a failing migration is named and leaves nothing', async () => {
  const folder = await migrations({ '001_bad': 'create table half (x int); select 1/0;' })
  const empty = await migrations({})
  const scratch = await scratchDatabase(adminUrl(), await migratedTemplate(adminUrl(), { folder: empty }))
  onTestFinished(() => scratch.drop())
  await expect(applyMigrations(scratch.ownerUrl, { folder })).rejects.toThrow('001_bad: division by zero')
  expect(await value(scratch.url, `select to_regclass('half')`)).toBe(null)
})

test('a name that matches no migration is an error, not an empty run', async () => {
  await expect(migrationFolders({ folder: await migrations(three), through: '004' })).rejects.toThrow('004')
})
