import {
  type ClinicRules,
  type OpenInvite,
  type SaveRulesInput,
  type StaffMember,
  staffMember,
  staffRole,
  type VetWeek,
  type Visit,
  vetWeek,
} from '@vetcita/contracts'
import { z } from 'zod'
import { visitsWhere } from '../appointments/visits.ts'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { sqlStateOfFailure } from '../sql/errors.ts'

type Place = { userId: string; tenantId: string }

/** Each vet's week in the clinic's wall time, by name; admins are vets who may keep no hours. For staff. */
export function vetWeeksOf(db: Database, place: Place): Promise<VetWeek[]> {
  return asCaller(db, { userId: place.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select p.id, p.full_name as "fullName", coalesce((
        select jsonb_agg(
          jsonb_build_object('weekday', h.weekday, 'opens', left(h.opens::text, 5), 'closes', left(h.closes::text, 5))
          order by h.weekday, h.opens
        )
        from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id
      ), '[]') as hours
      from profiles p
      where p.tenant_id = ${place.tenantId} and p.role in ('vet', 'admin') and p.deleted_at is null
      order by p.role = 'admin', p.full_name, p.id`
    return z.array(vetWeek).parse(rows)
  })
}

const rulesRow = z.object({
  name: z.string(),
  timeZone: z.string(),
  changeNoticeMinutes: z.int(),
  timeZones: z.array(z.string()),
})

/** What a clinic decides about itself, and the zones that it may choose from; null where there is no such clinic. */
export function rulesOf(db: Database, place: Place): Promise<ClinicRules | null> {
  return asCaller(db, { userId: place.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select name, timezone as "timeZone", change_notice_minutes as "changeNoticeMinutes",
        -- the server's own list: it computes the clinic's wall time
        array(
          select z.name from pg_timezone_names z
          where z.name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
            or z.name in ('UTC', tenants.timezone)
          order by 1
        ) as "timeZones"
      from tenants where id = ${place.tenantId}`
    return z.array(rulesRow).parse(rows)[0] ?? null
  })
}

/** Saves a clinic's rules. For admins. @returns false where the server knows no such zone; then nothing changed */
export async function saveRules(db: Database, place: Place, rules: SaveRulesInput): Promise<boolean> {
  try {
    await asCaller(
      db,
      { userId: place.userId },
      (tx) => tx.$queryRaw`
        update tenants set name = ${rules.name}, timezone = ${rules.timeZone},
          change_notice_minutes = ${rules.changeNoticeMinutes}
        where id = ${place.tenantId}`,
      { access: 'write' },
    )
    return true
  } catch (error) {
    // tenants_timezone, the trigger that looks the zone up
    if (sqlStateOfFailure(error) === '22023') return false
    throw error
  }
}

const inviteRow = z.object({
  id: z.string(),
  role: staffRole,
  label: z.string().nullable(),
  createdBy: z.string().nullable(),
  expires: momentColumn,
  expired: z.boolean(),
})

/**
 * The clinic's staff by name, and the invitations that nobody has used, the newest first. Where the clinic knows no email
 * of somebody, it is the one that they sign in with. For admins.
 */
export async function staffOf(
  db: Database,
  place: Place,
): Promise<{ members: StaffMember[]; invites: OpenInvite[] }> {
  const staff = await asCaller(db, { userId: place.userId }, async (tx) => {
    const members = await tx.$queryRaw`
      select p.id, p.full_name as "fullName", p.email, p.role, p.id = ${place.userId}::uuid as you,
        exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id) as "keepsHours"
      from profiles p
      where p.tenant_id = ${place.tenantId} and p.role <> 'owner' and p.deleted_at is null
      order by p.full_name, p.id`
    const invites = await tx.$queryRaw`
      select i.id, i.role, i.label, m.full_name as "createdBy",
        ${wallTime(Prisma.sql`i.expires_at`, Prisma.sql`t.timezone`)} as expires, i.expires_at <= now() as expired
      from links i
      join tenants t on t.id = i.tenant_id
      left join profiles m on m.tenant_id = i.tenant_id and m.id = i.created_by
      where i.tenant_id = ${place.tenantId} and i.kind = 'invitation' and i.used_at is null
      order by i.created_at desc, i.id`
    return {
      members: z.array(staffMember).parse(members),
      invites: z
        .array(inviteRow)
        .parse(invites)
        .map(({ expires, ...invite }) => ({
          ...invite,
          expiresAt: expires.instant,
          localExpiryDate: expires.localDate,
          localExpiryTime: expires.localTime,
        })),
    }
  })
  const unknown = staff.members.flatMap(({ id, email }) => (email === null ? id : []))
  // asked as the API itself: no caller may read the login tables, and these are rows that this one saw
  const accounts =
    unknown.length === 0
      ? []
      : await db.user.findMany({ where: { id: { in: unknown } }, select: { id: true, email: true } })
  const emails = new Map(accounts.map(({ id, email }) => [id, email]))
  return {
    ...staff,
    members: staff.members.map((member) => ({
      ...member,
      email: member.email ?? emails.get(member.id) ?? null,
    })),
  }
}

/** A vet's appointments to come that can still be moved, the soonest first, at most 50. For staff. */
export function appointmentsToCome(db: Database, place: Place, vetId: string): Promise<Visit[]> {
  return asCaller(db, { userId: place.userId }, (tx) =>
    visitsWhere(
      tx,
      place.tenantId,
      Prisma.sql`a.vet_id = ${vetId}::uuid and a.status in ('scheduled', 'confirmed') and a.start_time > now()`,
    ),
  )
}
