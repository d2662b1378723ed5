import { createDatabase, removeLeftovers } from '@vetcita/db'
import { apiRole } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

/** Makes an account look as if it had been made so many days ago, and its sessions so old that they have expired. */
const age = (email: string, days: number) =>
  api.admin.query(
    `with u as (update login."user" set created_at = now() - make_interval(days => $2) where email = $1 returning id)
     update login.session set expires_at = now() - interval '2 days' where user_id in (select id from u)`,
    [email, days],
  )

it('removes accounts that were made and left, each once, and no other', async () => {
  const left = await api.signUp('Left Behind')
  const young = await api.signUp('Young')
  const confirmed = await api.signUp('Confirmed')
  const client = await api.owner('Client', 'adris')
  const former = await api.owner('Former Client', 'adris')
  const present = await api.signUp('Present')
  for (const { email } of [left, confirmed, client, former]) await age(email, 31)
  await age(young.email, 29)
  await age(present.email, 400)
  await present.signIn(present.email)
  await api.admin.query(`update login."user" set email_verified = true where email = $1`, [confirmed.email])
  await api.admin.query('update profiles set deleted_at = now() where id = $1', [former.id])

  const url = api.scratch.urlAs(apiRole, apiPassword)
  const processes = [createDatabase(url), createDatabase(url), createDatabase(url)]
  const removed = await Promise.all(processes.map((db) => removeLeftovers(db)))
  for (const db of processes) await db.$disconnect()

  const sum = (key: 'accounts' | 'sessions') => removed.reduce((total, one) => total + one[key], 0)
  expect(sum('accounts')).toBe(1)
  // the removed account's session went with it or before it
  expect(sum('sessions')).toBeGreaterThanOrEqual(5)
  const { rows } = await api.admin.query('select name from login."user" order by name')
  expect(rows.map(({ name }) => name)).toEqual(['Client', 'Confirmed', 'Former Client', 'Present', 'Young'])
  expect((await present.nowhere.session.me.query()).user).toMatchObject({ id: present.id })
})

it('keeps an account that is being signed in to at that moment', async () => {
  const back = await api.signUp('Coming Back')
  await age(back.email, 31)
  const url = api.scratch.urlAs(apiRole, apiPassword)
  const db = createDatabase(url)
  await api.admin.query('begin')
  await api.admin.query(
    `insert into login.session (user_id, token, expires_at) values ($1, 'new', now() + interval '1 hour')`,
    [back.id],
  )
  const { accounts } = await removeLeftovers(db)
  await api.admin.query('commit')
  await db.$disconnect()
  expect(accounts).toBe(0)
  const { rowCount } = await api.admin.query('select from login.session where token = $1', ['new'])
  expect(rowCount).toBe(1)
})
