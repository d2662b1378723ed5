import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import type pg from 'pg'
import { type TestApi, testEnv } from './api.ts'

/** Every kind of caller. */
export const actorNames = [
  'anonymous',
  'expired',
  'signedOut',
  'stranger',
  'ownerElsewhere',
  'receptionistElsewhere',
  'vetElsewhere',
  'adminElsewhere',
  'owner',
  'otherOwner',
  'receptionist',
  'vet',
  'admin',
] as const

export type ActorName = (typeof actorNames)[number]

/** A caller with the cookie that their browser sends. `id` is the id of the account and of its profiles. */
export type Actor = { name: ActorName; id: string; cookie: string }

export type Actors = (name: ActorName) => Actor

type Profile = { clinic: string; role: string } | null

/** The profile of each actor. The expired and the signed-out session are an admin's, who would be admitted everywhere. */
const profiles: Record<Exclude<ActorName, 'anonymous'>, Profile> = {
  expired: { clinic: adris.id, role: 'admin' },
  signedOut: { clinic: adris.id, role: 'admin' },
  stranger: null,
  ownerElsewhere: { clinic: lisboa.id, role: 'owner' },
  receptionistElsewhere: { clinic: lisboa.id, role: 'receptionist' },
  vetElsewhere: { clinic: lisboa.id, role: 'vet' },
  adminElsewhere: { clinic: lisboa.id, role: 'admin' },
  owner: { clinic: adris.id, role: 'owner' },
  otherOwner: { clinic: adris.id, role: 'owner' },
  receptionist: { clinic: adris.id, role: 'receptionist' },
  vet: { clinic: adris.id, role: 'vet' },
  admin: { clinic: adris.id, role: 'admin' },
}

/** Is part of every text that only the pet owner and the clinic's staff may read. */
export const ownersSecret = 'zzowner'

/**
 * Creates the accounts, sessions and profiles, writing the rows as the session library does: thirteen sign-ups would take
 * two seconds of hashing, and no test that uses the actors is about passwords.
 */
export async function makeActors(api: TestApi): Promise<Actors> {
  const secret = testEnv('postgresql://unused').AUTH_SECRET
  const made = new Map<ActorName, Actor>([['anonymous', { name: 'anonymous', id: randomUUID(), cookie: '' }]])
  for (const name of actorNames) {
    if (name === 'anonymous') continue
    const token = randomBytes(24).toString('base64url')
    const signature = createHmac('sha256', secret).update(token).digest('base64')
    const actor = {
      name,
      id: randomUUID(),
      cookie: `vetcita.session_token=${encodeURIComponent(`${token}.${signature}`)}`,
    }
    await insertActor(api.admin, actor, token, profiles[name])
    made.set(name, actor)
  }
  const actors: Actors = (name) => {
    const actor = made.get(name)
    if (actor === undefined) throw new Error(`There is no actor ${name}`)
    return actor
  }
  await fetch(`${api.url}/api/auth/sign-out`, {
    method: 'POST',
    headers: { cookie: actors('signedOut').cookie, origin: 'http://localhost:4000' },
  })
  return actors
}

async function insertActor(admin: pg.Client, { name, id }: Actor, token: string, profile: Profile) {
  const shown = name === 'owner' ? `Olga ${ownersSecret}` : name
  const email = `${shown.toLowerCase().replaceAll(' ', '.')}@example.com`
  await admin.query(
    `with account as (insert into login."user" (id, name, email) values ($1, $2, $3))
     insert into login.session (user_id, token, expires_at)
     values ($1, $4, now() + case when $5 then interval '-1 second' else interval '1 hour' end)`,
    [id, shown, email, token, name === 'expired'],
  )
  if (profile === null) return
  await admin.query(
    `insert into profiles (tenant_id, id, role, full_name, email, phone) values ($1, $2, $3, $4, $5, $6)`,
    [profile.clinic, id, profile.role, shown, email, name === 'owner' ? `+595 ${ownersSecret}` : null],
  )
}
