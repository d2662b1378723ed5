import type { Pet } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../as-caller.ts'
import type { Database } from '../client.ts'

const petRow = z.object({ id: z.string(), name: z.string(), species: z.string() })

type Place = { userId: string; tenantId: string }

/** A person's pets at one clinic, by name; retired ones are gone. */
export function petsOf(db: Database, { userId, tenantId }: Place): Promise<Pet[]> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select id, name, species from pets
      where tenant_id = ${tenantId} and owner_id = ${userId}::uuid and deleted_at is null
      order by name, id`
    return z.array(petRow).parse(rows)
  })
}

/** Adds a pet of the caller's. */
export function createPet(db: Database, place: Place, pet: { name: string; species: string }): Promise<Pet> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        insert into pets (tenant_id, owner_id, name, species)
        values (${place.tenantId}, ${place.userId}::uuid, ${pet.name}, ${pet.species})
        returning id, name, species`
      const [row] = z.tuple([petRow]).parse(rows)
      return row
    },
    { access: 'write' },
  )
}

/** Changes what is given of the caller's own pet; null where they have no such pet. */
export function updatePet(
  db: Database,
  place: Place,
  change: { petId: string; name?: string | undefined; species?: string | undefined },
): Promise<Pet | null> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        update pets set
          name = coalesce(${change.name ?? null}::text, name),
          species = coalesce(${change.species ?? null}::text, species)
        where tenant_id = ${place.tenantId} and id = ${change.petId}::uuid and owner_id = ${place.userId}::uuid
          and deleted_at is null
        returning id, name, species`
      return z.array(petRow).parse(rows)[0] ?? null
    },
    { access: 'write' },
  )
}

/** Retires the caller's own pet: it can no longer be booked, its history stays. Null where they have no such pet. */
export function retirePet(db: Database, place: Place, petId: string): Promise<Pet | null> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        update pets set deleted_at = now()
        where tenant_id = ${place.tenantId} and id = ${petId}::uuid and owner_id = ${place.userId}::uuid
          and deleted_at is null
        returning id, name, species`
      return z.array(petRow).parse(rows)[0] ?? null
    },
    { access: 'write' },
  )
}
