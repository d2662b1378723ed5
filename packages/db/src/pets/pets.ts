import type { Pet, PetAppointment } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'

const petRow = z.object({ id: z.string(), name: z.string(), species: z.string() })

const upcomingRow = z.object({
  id: z.string(),
  serviceName: z.string().nullable(),
  starts: momentColumn,
})

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
  return markPet(db, place, petId, Prisma.sql`now()`)
}

/** Takes the retirement of the caller's own pet back; null where they have no such pet. */
export function restorePet(db: Database, place: Place, petId: string): Promise<Pet | null> {
  return markPet(db, place, petId, Prisma.sql`null`)
}

/** The coming appointments of the caller's own pet, the soonest first, at most twenty: they stand when it is retired. */
export function upcomingOf(db: Database, place: Place, petId: string): Promise<PetAppointment[]> {
  return asCaller(db, { userId: place.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select a.id, s.name as "serviceName",
        ${wallTime(Prisma.sql`a.start_time`, Prisma.sql`t.timezone`)} as starts
      from appointments a
      join tenants t on t.id = a.tenant_id
      join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
      left join services s on s.tenant_id = a.tenant_id and s.id = a.service_id
      where a.tenant_id = ${place.tenantId} and a.pet_id = ${petId}::uuid and p.owner_id = ${place.userId}::uuid
        and a.start_time > now() and a.status not in ('cancelled', 'no_show')
      order by a.start_time, a.id
      limit 20`
    return z
      .array(upcomingRow)
      .parse(rows)
      .map(({ starts: { localDate, localTime }, ...row }) => ({ ...row, localDate, localTime }))
  })
}

function markPet(db: Database, place: Place, petId: string, at: Prisma.Sql): Promise<Pet | null> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        update pets set deleted_at = ${at}
        where tenant_id = ${place.tenantId} and id = ${petId}::uuid and owner_id = ${place.userId}::uuid
          and (deleted_at is null) = (${at}::timestamptz is not null)
        returning id, name, species`
      return z.array(petRow).parse(rows)[0] ?? null
    },
    { access: 'write' },
  )
}
