import { limits, type Visit, visit } from '@vetcita/contracts'
import type { Prisma } from '../generated/client.ts'
import type { CallerTransaction } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'
import { appointmentTables, type OwnersList, ownersAppointments, viewColumns } from './appointments.ts'

/**
 * Returns appointments as the staff's lists show them, in order of their start.
 *
 * @param which a condition on `a`, a row of `appointment_states`
 */
export async function visitsWhere(
  tx: CallerTransaction,
  tenantId: string,
  which: Prisma.Sql,
  limit: number = limits.clientVisits,
): Promise<Visit[]> {
  const found = await tx.$queryRaw`
    select ${viewColumns}, a.notes
    from ${appointmentTables('profiles')}
    where a.tenant_id = ${tenantId} and ${which}
    order by a.start_time, a.id
    limit ${limit}`
  return rowsOf(visit, found)
}

/** Returns a client's appointments as the staff's lists show them: upcoming ones, or past ones, the latest first. */
export async function visitsOf(
  tx: CallerTransaction,
  client: Pick<OwnersList, 'tenantId' | 'ownerId' | 'when'>,
): Promise<Visit[]> {
  const found = await tx.$queryRaw`
    select ${viewColumns}, a.notes
    from ${ownersAppointments('profiles', { ...client, limit: limits.clientVisits })}`
  return rowsOf(visit, found)
}
