import { appointmentStatuses, staffTransitions } from '@vetcita/contracts'
import { expect, it } from 'vitest'
import { apiDatabase } from './support/api-database.ts'

const { admin } = await apiDatabase()

it.each(appointmentStatuses)(
  '%s is followed by the same statuses in the contracts and in the database',
  async (status) => {
    const { rows } = await admin.query<{ next: string[] }>('select next_statuses($1) as next', [status])
    expect(rows).toEqual([{ next: staffTransitions[status] }])
  },
)
