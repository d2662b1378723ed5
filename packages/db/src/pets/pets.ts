import { type Pet, type PetAppointment, pet, petAppointment } from '@vetcita/contracts'
import { appointmentTables } from '../appointments/appointments.ts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { oneRow, rowsOf } from '../sql/rows.ts'

/** Returns the user's pets at the clinic, by name, without the retired ones. */
export function petsOf(db: Database, actor: Actor): Promise<Pet[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select id, name, species from pets
      where tenant_id = ${actor.tenantId} and owner_id = ${actor.userId}::uuid and deleted_at is null
      order by name, id`
    return rowsOf(pet, rows)
  })
}

/** Adds a pet of the user's. */
export function createPet(
  db: Database,
  actor: Actor,
  added: { name: string; species: string },
): Promise<Pet> {
  return writeAsCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      insert into pets (tenant_id, owner_id, name, species)
      values (${actor.tenantId}, ${actor.userId}::uuid, ${added.name}, ${added.species})
      returning id, name, species`
    return oneRow(pet, rows)
  })
}

/** Changes what is given of the user's own pet; returns null if they have no such pet. */
export function updatePet(
  db: Database,
  actor: Actor,
  change: { petId: string; name?: string | undefined; species?: string | undefined },
): Promise<Pet | null> {
  return updateOwn(
    db,
    actor,
    change.petId,
    Prisma.sql`name = coalesce(${change.name ?? null}::text, name),
      species = coalesce(${change.species ?? null}::text, species)`,
    Prisma.sql`deleted_at is null`,
  )
}

/** Retires the user's own pet: it can no longer be booked, its history stays. Returns null if they have no such pet. */
export function retirePet(db: Database, actor: Actor, petId: string): Promise<Pet | null> {
  return updateOwn(db, actor, petId, Prisma.sql`deleted_at = now()`, Prisma.sql`deleted_at is null`)
}

/** Reverses the retirement of the user's own pet; returns null if they have no such retired pet. */
export function restorePet(db: Database, actor: Actor, petId: string): Promise<Pet | null> {
  return updateOwn(db, actor, petId, Prisma.sql`deleted_at = null`, Prisma.sql`deleted_at is not null`)
}

function updateOwn(
  db: Database,
  actor: Actor,
  petId: string,
  change: Prisma.Sql,
  condition: Prisma.Sql,
): Promise<Pet | null> {
  return writeAsCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      update pets set ${change}
      where tenant_id = ${actor.tenantId} and id = ${petId}::uuid and owner_id = ${actor.userId}::uuid and ${condition}
      returning id, name, species`
    return rowsOf(pet, rows)[0] ?? null
  })
}

/** Returns the next twenty appointments of the user's own pet, which stay when it is retired. */
export function upcomingOf(db: Database, actor: Actor, petId: string): Promise<PetAppointment[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select a.id, s.name as service_name, clinic_moment(a.start_time, a.timezone) as start_time
      from ${appointmentTables('public_vets')}
      where a.tenant_id = ${actor.tenantId} and a.pet_id = ${petId}::uuid and p.owner_id = ${actor.userId}::uuid
        and a.start_time > now() and a.status not in ('cancelled', 'no_show')
      order by a.start_time, a.id
      limit 20`
    return rowsOf(petAppointment, rows)
  })
}
