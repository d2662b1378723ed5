import { limits, type Visit, visit } from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import type { CallerTransaction } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'
import { appointmentTables, viewColumns } from './appointments.ts'
import { withNotes } from './notes.ts'

const visitRow = visit.omit({ notes: true })

/**
 * Returns appointments as the staff's lists show them, in order of their start.
 *
 * @param which a condition on `a`, a row of `appointment_states`, and `p`, its pet
 */
export async function visitsWhere(
  tx: CallerTransaction,
  tenantId: string,
  which: Prisma.Sql,
  { latestFirst = false, limit = limits.clientVisits }: { latestFirst?: boolean; limit?: number } = {},
): Promise<Visit[]> {
  const found = await tx.$queryRaw`
    select ${viewColumns}
    from ${appointmentTables(Prisma.sql`profiles`)}
    where a.tenant_id = ${tenantId} and ${which}
    order by ${latestFirst ? Prisma.sql`a.start_time desc, a.id desc` : Prisma.sql`a.start_time, a.id`}
    limit ${limit}`
  return withNotes(tx, tenantId, rowsOf(visitRow, found))
}
