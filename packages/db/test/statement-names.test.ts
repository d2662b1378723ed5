import pg from 'pg'
import { expect, it } from 'vitest'
import { StatementNames } from '../src/sql/statement-names.ts'
import { apiDatabase } from './support/api-database.ts'

const { connect } = await apiDatabase()

it('a repeated statement is prepared only once per connection', async () => {
  const db = connect({ poolSize: 1 })
  for (const number of [1, 2, 3]) await db.$queryRaw`select ${number}::integer as again`
  const prepared = await db.$queryRaw`
    select name, generic_plans + custom_plans as runs from pg_prepared_statements where statement like '%as again'`
  expect(prepared).toEqual([{ name: expect.stringMatching(/^vetcita_\d+$/), runs: 3n }])
  await db.$disconnect()
})

it('statements are unnamed once a foreign process id reveals a pooler', () => {
  const names = new StatementNames()
  const direct = Object.assign(new pg.Client(), { processID: 7 })
  names.connected(direct, 7)
  expect(names.of('select 1')).toBe('vetcita_0')
  names.connected(Object.assign(new pg.Client(), { processID: 8 }), 7)
  expect([names.of('select 1'), names.of('select 2')]).toEqual(['', ''])
})

it('keeps a limited number of statements', () => {
  const names = new StatementNames()
  const given = Array.from({ length: 600 }, (_, number) => names.of(`select ${number}`))
  expect(new Set(given).size).toBe(501)
  expect(names.of('select 3')).toBe('vetcita_3')
})
