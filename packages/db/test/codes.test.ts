import {
  acceptInviteErrorCodes,
  bookErrorCodes,
  changeStatusErrorCodes,
  claimErrorCodes,
  inviteClientErrorCodes,
  inviteStaffErrorCodes,
  joinClinicErrorCodes,
  mergeCartErrorCodes,
  rescheduleErrorCodes,
  revokeInviteErrorCodes,
  setCartItemErrorCodes,
  setHoursErrorCodes,
  setNotesErrorCodes,
  setRoleErrorCodes,
} from '@vetcita/contracts'
import { expect, it } from 'vitest'
import { apiDatabase } from './support/api-database.ts'

const { admin } = await apiDatabase()

it('the contracts know every code that the database has a sentence for, and no other', async () => {
  const { rows } = await admin.query<{ body: string }>(
    `select string_agg(prosrc, '' order by proname) as body from pg_proc
     where proname = 'atomic_refusal'`,
  )
  const inDatabase = [...(rows[0]?.body ?? '').matchAll(/when '([A-Z_]+)' then/g)].map((match) => match[1])
  const inContracts = new Set<string>([
    ...acceptInviteErrorCodes,
    ...claimErrorCodes,
    ...inviteClientErrorCodes,
    ...inviteStaffErrorCodes,
    ...revokeInviteErrorCodes,
    ...setHoursErrorCodes,
    ...setNotesErrorCodes,
    ...setRoleErrorCodes,
    ...bookErrorCodes,
    ...rescheduleErrorCodes,
    ...changeStatusErrorCodes,
    ...mergeCartErrorCodes,
    ...setCartItemErrorCodes,
    ...joinClinicErrorCodes,
  ])
  expect(inDatabase.toSorted()).toEqual([...inContracts].toSorted())
})
