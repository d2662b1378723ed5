import { type SaveServiceInput, type ServiceSetting, serviceSetting } from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const columns = Prisma.sql`
  id, name, duration_minutes, buffer_minutes, price::float8 as price, is_active, booking, category, position, preparation,
  species, array(
    select v.vet_id from vet_services v where v.tenant_id = services.tenant_id and v.service_id = services.id order by 1
  ) as vet_ids`

/** Returns the clinic's services, active or not, in the clinic's order. For staff. */
export function servicesOf(db: Database, actor: Actor): Promise<ServiceSetting[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from services where tenant_id = ${actor.tenantId} and deleted_at is null
      order by position, name, id`
    return rowsOf(serviceSetting, rows)
  })
}

/** Creates a service, or changes one; returns null if the clinic has no such service. For admins. */
export function saveService(
  db: Database,
  actor: Actor,
  { serviceId, ...service }: SaveServiceInput,
): Promise<ServiceSetting | null> {
  return writeAsCaller(db, actor, async (tx) => {
    const rows =
      serviceId === undefined
        ? await tx.$queryRaw`
            insert into services (tenant_id, name, duration_minutes, buffer_minutes, price, is_active,
              booking, category, position, preparation, species)
            values (${actor.tenantId}, ${service.name}, ${service.durationMinutes}, ${service.bufferMinutes},
              ${service.price}::numeric, ${service.isActive}, ${service.booking ?? 'online'},
              ${service.category || null}, ${service.position ?? 0}, ${service.preparation || null},
              nullif(${service.species ?? []}::text[], '{}'))
            returning ${columns}`
        : await tx.$queryRaw`
            update services set name = ${service.name}, duration_minutes = ${service.durationMinutes},
              buffer_minutes = ${service.bufferMinutes}, price = ${service.price}::numeric,
              is_active = ${service.isActive}, booking = ${service.booking ?? 'online'},
              category = ${service.category || null}, position = ${service.position ?? 0},
              preparation = ${service.preparation || null}, species = nullif(${service.species ?? []}::text[], '{}')
            where tenant_id = ${actor.tenantId} and id = ${serviceId}::uuid and deleted_at is null
            returning ${columns}`
    return rowsOf(serviceSetting, rows)[0] ?? null
  })
}
