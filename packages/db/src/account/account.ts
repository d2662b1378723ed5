import { languages } from '@vetcita/contracts'
import { z } from 'zod'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const phoneRow = z.object({ phone: z.string().nullable() })

/** Returns the phone number that the clinic has of the user, if any. */
export function phoneAt(db: Database, { userId, tenantId }: Actor): Promise<string | null> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select phone from profiles where tenant_id = ${tenantId} and id = ${userId}::uuid and deleted_at is null`
    return rowsOf(phoneRow, rows)[0]?.phone ?? null
  })
}

/** Returns the phone number that the user last gave to any clinic, so that the next clinic need not ask for it. */
export function anyPhoneOf(db: Database, userId: string): Promise<string | null> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select phone from profiles
      where id = ${userId}::uuid and deleted_at is null and phone is not null
      order by created_at desc, tenant_id limit 1`
    return rowsOf(phoneRow, rows)[0]?.phone ?? null
  })
}

/**
 * Writes the user's name and phone number at every clinic where they are a client, and at this one. The name under which
 * another clinic employs them is that clinic's to change.
 */
export async function updateAccount(
  db: Database,
  actor: Actor,
  { name, phone, language }: { name: string; phone: string | null; language?: 'es' | 'en' | undefined },
): Promise<void> {
  await writeAsCaller(
    db,
    actor,
    (tx) => tx.$executeRaw`
      update profiles set full_name = ${name}, phone = ${phone}::text
      where id = ${actor.userId}::uuid and deleted_at is null
        and (role = 'owner' or tenant_id = ${actor.tenantId})`,
  )
  await db.user.update({
    where: { id: actor.userId },
    data: { name, ...(language === undefined ? {} : { language }), updatedAt: new Date() },
  })
}

/** Returns the language in which the user wants mails, or null if they never chose one. */
export async function languageOf(db: Database, userId: string): Promise<'es' | 'en' | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { language: true } })
  return z
    .enum(languages)
    .nullable()
    .parse(user?.language ?? null)
}

export type StoredSession = { id: string; userAgent: string | null; signedInAt: Date; isCurrent: boolean }

/** Returns the user's open sessions: the one with this token first, then by sign-in, the latest first. */
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
 * Ends the user's sessions except the one with this token, as of the next request.
 *
 * @param sessionId ends only that one
 * @returns how many ended
 */
export async function endOtherSessions(
  db: Database,
  { userId, token, sessionId }: { userId: string; token: string; sessionId?: string },
): Promise<number> {
  const only = sessionId === undefined ? {} : { id: sessionId }
  const { count } = await db.session.deleteMany({ where: { userId, token: { not: token }, ...only } })
  return count
}

/** Ends every session of a user, as of the next request. */
export async function endSessions(db: Database, userId: string): Promise<void> {
  await db.session.deleteMany({ where: { userId } })
}
