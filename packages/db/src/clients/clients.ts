import {
  type Client,
  type ClientSummary,
  client,
  clientSummary,
  type Pet,
  pet,
  type SearchClientsResult,
  type UpdateClientInput,
} from '@vetcita/contracts'
import { visitsOf } from '../appointments/visits.ts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'
import { oneRow, rowsOf } from '../sql/rows.ts'

/** Returns the clients whose name, phone, email or pet matches a text, in one round trip. For staff. */
export async function searchClients(
  db: Database,
  actor: Actor,
  search: { text?: string | undefined; limit: number; offset: number },
): Promise<SearchClientsResult> {
  // Some keyboards send a letter and its accent apart.
  const text = search.text?.normalize('NFC') || null
  const rows = await withRetry(
    () => db.$queryRaw`
      select client_id as id, full_name, phone, email, has_account, pets
      from search_clients(
        ${actor.tenantId}::text, ${text}::text, ${actor.userId}::uuid, ${search.limit + 1}::integer,
        ${search.offset}::integer
      )`,
  )
  const clients = rowsOf(clientSummary, rows)
  return { clients: clients.slice(0, search.limit), hasMore: clients.length > search.limit }
}

const summaryRow = clientSummary.omit({ hasAccount: true })

const detailRow = client.pick({ isStaff: true, since: true, link: true })

/** Returns a client with pets and visits, or null if the clinic has no such client. For staff. */
export async function findClient(db: Database, actor: Actor, clientId: string): Promise<Client | null> {
  const account = hasAccount(db, clientId)
  // It is awaited last, and may fail before that.
  account.catch(() => undefined)
  const found = await asCaller(db, actor, async (tx) => {
    const summary = await summaryOf(tx, actor, clientId)
    if (summary === null) return null
    const rows = await tx.$queryRaw`
      select c.role <> 'owner' as is_staff,
        to_char(c.created_at at time zone t.timezone, 'YYYY-MM-DD') as since, (
        select jsonb_build_object(
          'created_at', clinic_moment(l.created_at, t.timezone),
          'expires_at', clinic_moment(l.expires_at, t.timezone)
        )
        from links l
        where l.tenant_id = c.tenant_id and l.client_id = c.id and l.used_at is null and l.expires_at > now()
        limit 1
      ) as link
      from profiles c join tenants t on t.id = c.tenant_id
      where c.tenant_id = ${actor.tenantId} and c.id = ${clientId}::uuid`
    const theirs = { tenantId: actor.tenantId, ownerId: clientId }
    return {
      ...summary,
      ...oneRow(detailRow, rows),
      upcoming: await visitsOf(tx, { ...theirs, when: 'upcoming' }),
      past: await visitsOf(tx, { ...theirs, when: 'past' }),
    }
  })
  return found === null ? null : { ...found, hasAccount: await account }
}

/** Changes what is given of a client; returns null if the clinic has no such client, or they are one of its staff. */
export async function updateClient(
  db: Database,
  actor: Actor,
  { clientId, fullName, phone, email }: UpdateClientInput,
): Promise<ClientSummary | null> {
  const changes = [
    ...(fullName === undefined ? [] : [Prisma.sql`full_name = ${fullName}`]),
    ...(phone === undefined ? [] : [Prisma.sql`phone = ${phone}::text`]),
    ...(email === undefined ? [] : [Prisma.sql`email = ${email}::text`]),
  ]
  const summary = await writeAsCaller(db, actor, async (tx) => {
    if (changes.length > 0) {
      const changed = await tx.$executeRaw`
        update profiles set ${Prisma.join(changes)}
        where tenant_id = ${actor.tenantId} and id = ${clientId}::uuid and role = 'owner' and deleted_at is null`
      if (changed === 0) return null
    }
    return summaryOf(tx, actor, clientId)
  })
  return summary === null ? null : { ...summary, hasAccount: await hasAccount(db, clientId) }
}

/** Changes what is given of any pet of the clinic, or retires it; returns null if there is no such pet. For staff. */
export function updateClientPet(
  db: Database,
  actor: Actor,
  change: { petId: string; name?: string | undefined; species?: string | undefined; retired?: boolean },
): Promise<Pet | null> {
  return writeAsCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      update pets set
        name = coalesce(${change.name ?? null}::text, name),
        species = coalesce(${change.species ?? null}::text, species)
        ${change.retired === true ? Prisma.sql`, deleted_at = now()` : Prisma.empty}
      where tenant_id = ${actor.tenantId} and id = ${change.petId}::uuid and deleted_at is null
      returning id, name, species`
    return rowsOf(pet, rows)[0] ?? null
  })
}

async function summaryOf(
  tx: CallerTransaction,
  actor: Actor,
  clientId: string,
): Promise<Omit<ClientSummary, 'hasAccount'> | null> {
  const rows = await tx.$queryRaw`
    select c.id, c.full_name, c.phone, c.email, coalesce((
      select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'species', p.species) order by p.name, p.id)
      from pets p where p.tenant_id = c.tenant_id and p.owner_id = c.id and p.deleted_at is null
    ), '[]') as pets
    from profiles c
    where c.tenant_id = ${actor.tenantId} and c.id = ${clientId}::uuid and c.deleted_at is null`
  return rowsOf(summaryRow, rows)[0] ?? null
}

/** Returns whether someone signs in with this id. Read as the API itself, since no caller may read the login tables. */
async function hasAccount(db: Database, id: string): Promise<boolean> {
  return (await db.user.count({ where: { id } })) > 0
}
