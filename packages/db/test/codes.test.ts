import {
  bookErrorCodes,
  changeStatusErrorCodes,
  joinClinicErrorCodes,
  mergeCartErrorCodes,
  rescheduleErrorCodes,
  setCartItemErrorCodes,
} from '@vetcita/contracts'
import { expect, it } from 'vitest'
import { apiDatabase } from './support/api-database.ts'

const { admin } = await apiDatabase()

it('the contracts know every code that the database has a sentence for, and no other', async () => {
  const { rows } = await admin.query<{ body: string }>(
    `select prosrc as body from pg_proc where proname = 'atomic_refusal'`,
  )
  const inDatabase = [...(rows[0]?.body ?? '').matchAll(/when '([A-Z_]+)' then/g)].map((match) => match[1])
  const inContracts = new Set<string>([
    ...bookErrorCodes,
    ...rescheduleErrorCodes,
    ...changeStatusErrorCodes,
    ...mergeCartErrorCodes,
    ...setCartItemErrorCodes,
    ...joinClinicErrorCodes,
  ])
  expect(inDatabase.toSorted()).toEqual([...inContracts].toSorted())
})
