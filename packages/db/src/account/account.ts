import { languages } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'

type Place = { userId: string; tenantId: string }

const phoneRow = z.object({ phone: z.string().nullable() })

/** The phone that a clinic has of one of its people; null where it has none. */
export function phoneAt(db: Database, { userId, tenantId }: Place): Promise<string | null> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select phone from profiles where tenant_id = ${tenantId} and id = ${userId}::uuid and deleted_at is null`
    return z.array(phoneRow).parse(rows)[0]?.phone ?? null
  })
}

/** A phone that the person gave to any of their clinics, the latest first, so that the next one need not ask. */
export function anyPhoneOf(db: Database, userId: string): Promise<string | null> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select phone from profiles
      where id = ${userId}::uuid and deleted_at is null and phone is not null
      order by created_at desc, tenant_id limit 1`
    return z.array(phoneRow).parse(rows)[0]?.phone ?? null
  })
}

/**
 * Writes a person's name and phone wherever they are a client, and at the clinic where they do it. How a clinic that
 * employs them calls them is for that clinic, unless they do it there.
 */
export async function updateAccount(
  db: Database,
  place: Place,
  { name, phone, language }: { name: string; phone: string | null; language?: 'es' | 'en' | undefined },
): Promise<void> {
  await asCaller(
    db,
    { userId: place.userId },
    (tx) => tx.$executeRaw`
      update profiles set full_name = ${name}, phone = ${phone}::text
      where id = ${place.userId}::uuid and deleted_at is null
        and (role = 'owner' or tenant_id = ${place.tenantId})`,
    { access: 'write' },
  )
  await db.user.update({
    where: { id: place.userId },
    data: { name, ...(language === undefined ? {} : { language }), updatedAt: new Date() },
  })
}

/** The language in which a person wants to be written to; null where they never said. */
export async function languageOf(db: Database, userId: string): Promise<'es' | 'en' | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { language: true } })
  return z
    .enum(languages)
    .nullable()
    .parse(user?.language ?? null)
}

export type StoredSession = { id: string; userAgent: string | null; signedInAt: Date; isCurrent: boolean }

/** The sessions of a person that have not ended, this one first, then the latest sign-in first. */
export async function sessionsOf(db: Database, userId: string, token: string): Promise<StoredSession[]> {
  const sessions = await db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return sessions
    .map((session) => ({
      id: session.id,
      userAgent: session.userAgent,
      signedInAt: session.createdAt,
      isCurrent: session.token === token,
    }))
    .sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent))
}

/**
 * Ends a person's sessions, all but the one with `token`; they are worth nothing from the next request on.
 * @param sessionId only that one
 */
export async function endOtherSessions(
  db: Database,
  { userId, token, sessionId }: { userId: string; token: string; sessionId?: string },
): Promise<number> {
  const only = sessionId === undefined ? {} : { id: sessionId }
  const { count } = await db.session.deleteMany({ where: { userId, token: { not: token }, ...only } })
  return count
}

/** Ends every session of a person; they are worth nothing from the next request on. */
export async function endSessions(db: Database, userId: string): Promise<void> {
  await db.session.deleteMany({ where: { userId } })
}
