import { type OpenInvite, openInvite, type StaffMember, staffMember, type Visit } from '@vetcita/contracts'
import { visitsWhere } from '../appointments/visits.ts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

/**
 * The profiles of a clinic's staff, in the order of profiles_staff_idx: without statistics every index by the clinic costs
 * the same, and the planner prefers one that spares it a sort. The others hold all of the clinic's clients.
 */
export const staffProfiles = (tenantId: string) => Prisma.sql`(
  select * from profiles where tenant_id = ${tenantId} and role <> 'owner' and deleted_at is null
  order by tenant_id, full_name
)`

/**
 * Returns the clinic's staff by name, and the invitations that have not been used, the newest first. A member whose email
 * the clinic does not have is listed with the one they sign in with. For admins.
 */
export async function staffOf(
  db: Database,
  actor: Actor,
): Promise<{ members: StaffMember[]; invites: OpenInvite[] }> {
  const staff = await asCaller(db, actor, async (tx) => {
    const members = await tx.$queryRaw`
      select p.id, p.full_name, p.email, p.role, p.id = ${actor.userId}::uuid as you,
        exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id) as keeps_hours
      from ${staffProfiles(actor.tenantId)} p
      order by p.full_name, p.id`
    const invites = await tx.$queryRaw`
      select i.id, i.role, i.label, m.full_name as created_by,
        clinic_moment(i.expires_at, t.timezone) as expires_at,
        i.expires_at <= now() as expired
      from links i
      join tenants t on t.id = i.tenant_id
      left join profiles m on m.tenant_id = i.tenant_id and m.id = i.created_by
      where i.tenant_id = ${actor.tenantId} and i.kind = 'invitation' and i.used_at is null
      order by i.created_at desc, i.id`
    return {
      members: rowsOf(staffMember, members),
      invites: rowsOf(openInvite, invites),
    }
  })
  const withoutEmail = staff.members.flatMap(({ id, email }) => (email === null ? id : []))
  // Read as the API itself, since no caller may read the login tables; the ids are of rows that the caller has seen.
  const accounts =
    withoutEmail.length === 0
      ? []
      : await db.user.findMany({ where: { id: { in: withoutEmail } }, select: { id: true, email: true } })
  const emails = new Map(accounts.map(({ id, email }) => [id, email]))
  return {
    ...staff,
    members: staff.members.map((member) => ({
      ...member,
      email: member.email ?? emails.get(member.id) ?? null,
    })),
  }
}

/** Returns a vet's next fifty appointments that can still be moved. For staff. */
export function appointmentsToCome(db: Database, actor: Actor, vetId: string): Promise<Visit[]> {
  return asCaller(db, actor, (tx) =>
    visitsWhere(
      tx,
      actor.tenantId,
      // A list of one vet: the index of the constraint cannot be read by a list, and would be read from its beginning.
      Prisma.sql`a.vet_id = any (array[${vetId}]::uuid[]) and a.staff_can_move and a.start_time > now()`,
    ),
  )
}
