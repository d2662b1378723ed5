import { ownerRole } from '@vetcita/postgres'
import { expect, test } from 'vitest'
import { adminUrl, makeTemplate, scratchDatabase } from '../src/index.ts'
import { value } from './value.ts'

const template = (name: string) =>
  makeTemplate(adminUrl(), `${name}_${process.pid}`, async (ownerUrl) => {
    await value(ownerUrl, 'create table notes (text text)')
  })

test('clones of one template are independent', async () => {
  const name = await template('isolation')
  const [one, other] = await Promise.all([
    scratchDatabase(adminUrl(), name),
    scratchDatabase(adminUrl(), name),
  ])
  await value(one.ownerUrl, `insert into notes values ('mine')`)
  expect(await value(one.url, 'select count(*)::int from notes')).toBe(1)
  expect(await value(other.url, 'select count(*)::int from notes')).toBe(0)
  expect(await value(other.url, `select tableowner from pg_tables where tablename = 'notes'`)).toBe(ownerRole)
  await one.drop()
  await other.drop()
  expect(
    await value(
      adminUrl(),
      `select count(*)::int from pg_database where datname in ('${one.name}', '${other.name}')`,
    ),
  ).toBe(0)
})

test('a template that several callers need at once is built once', async () => {
  let builds = 0
  const name = `once_${process.pid}`
  const build = async (ownerUrl: string) => {
    builds += 1
    await value(ownerUrl, 'create table notes (text text)')
  }
  await Promise.all(Array.from({ length: 5 }, () => makeTemplate(adminUrl(), name, build)))
  expect(builds).toBe(1)
})

test('a failed build leaves no template, and the next one may succeed', async () => {
  const name = `fixed_${process.pid}`
  await expect(
    makeTemplate(adminUrl(), name, (url) => value(url, 'select nonsense').then(() => {})),
  ).rejects.toThrow('nonsense')
  await makeTemplate(adminUrl(), name, async () => {})
  const scratch = await scratchDatabase(adminUrl(), name)
  expect(await value(scratch.ownerUrl, 'select current_user')).toBe(ownerRole)
  await scratch.drop()
})

test('the owner role can create roles and is not a superuser', async () => {
  expect(
    await value(
      adminUrl(),
      `select rolcreaterole and rolcanlogin and not rolsuper from pg_roles where rolname = '${ownerRole}'`,
    ),
  ).toBe(true)
})
