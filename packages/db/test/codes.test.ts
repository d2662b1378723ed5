import { refusalCodes } from '@vetcita/contracts'
import { expect, it } from 'vitest'
import { apiDatabase } from './support/api-database.ts'

const { admin } = await apiDatabase()

it('the contracts list exactly the codes for which the database has a sentence', async () => {
  const { rows } = await admin.query<{ prosrc: string }>(
    `select prosrc from pg_proc where proname = 'atomic_refusal'`,
  )
  const inDatabase = [...(rows[0]?.prosrc ?? '').matchAll(/when '([A-Z_]+)' then/g)].map((match) => match[1])
  expect(inDatabase.toSorted()).toEqual(refusalCodes.toSorted())
})
