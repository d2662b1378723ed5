import { applyMigrations } from '@vetcita/testing'
import { sqlState } from '@vetcita/testing/sql/database'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createDatabase } from '../../src/index.ts'
import { freshDatabase } from './support/fresh-database.ts'

/** A call of each function that clients call and that writes, with nulls, by the function's name. */
async function writers(admin: pg.Client): Promise<{ name: string; call: string }[]> {
  const { rows } = await admin.query<{ name: string; call: string }>(`
    select p.proname as name, format('select %s(%s)', p.oid::regproc,
      (select string_agg('null::' || format_type(t, null), ', ' order by n) from unnest(p.proargtypes) with ordinality a (t, n))
    ) as call
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.provolatile = 'v' and p.prorettype <> 'trigger'::regtype
    order by 1`)
  return rows
}

async function answers(admin: pg.Client, level: string): Promise<Record<string, string>> {
  const states: Record<string, string> = {}
  for (const { name, call } of await writers(admin)) {
    await admin.query(`begin isolation level ${level}`)
    states[name] = await sqlState(admin.query(call))
    await admin.query('rollback')
  }
  return states
}

const all = (names: string[], state: string) => Object.fromEntries(names.map((name) => [name, state]))

describe('a function that decides after a wait', () => {
  test('runs under read committed alone, since others would not show what the wait brought', async () => {
    const { admin } = await freshDatabase('migrated')
    const names = (await writers(admin)).map(({ name }) => name)
    expect(names).toContain('book_appointment_atomic')
    for (const level of ['repeatable read', 'serializable'])
      expect(await answers(admin, level)).toEqual(all(names, '25001'))
    for (const level of ['read committed', 'read uncommitted'])
      expect(await answers(admin, level)).toEqual(all(names, 'none'))
  })

  test('does so from the first migration that makes one', async () => {
    const { url, admin } = await freshDatabase('empty')
    await applyMigrations(url, { through: '090' })
    expect(await answers(admin, 'repeatable read')).toEqual(
      all(['book_appointment_atomic', 'merge_cart_atomic', 'reschedule_appointment_atomic'], '25001'),
    )
  })
})

test('packages/db runs under read committed, whatever the database’s default is', async () => {
  const { url, admin } = await freshDatabase('migrated')
  const { rows } = await admin.query<{ name: string }>('select current_database() as name')
  await admin.query(`alter database ${rows[0]?.name} set default_transaction_isolation = 'serializable'`)
  const db = createDatabase(url)
  try {
    expect(await db.$queryRaw`select current_setting('transaction_isolation') as level`).toEqual([
      { level: 'read committed' },
    ])
    expect(
      await db.$transaction((tx) => tx.$queryRaw`select current_setting('transaction_isolation') as level`),
    ).toEqual([{ level: 'read committed' }])
  } finally {
    await db.$disconnect()
  }
})
