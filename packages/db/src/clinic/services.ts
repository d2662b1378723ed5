import { type SaveServiceInput, type ServiceSetting, serviceSetting } from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const columns = Prisma.sql`
  id, name, duration_minutes, buffer_minutes, price::float8 as price, is_active`

/** Returns the clinic's services, active or not, by name. For staff. */
export function servicesOf(db: Database, actor: Actor): Promise<ServiceSetting[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from services where tenant_id = ${actor.tenantId} and deleted_at is null
      order by name, id`
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
            insert into services (tenant_id, name, duration_minutes, buffer_minutes, price, is_active)
            values (${actor.tenantId}, ${service.name}, ${service.durationMinutes}, ${service.bufferMinutes},
              ${service.price}::numeric, ${service.isActive})
            returning ${columns}`
        : await tx.$queryRaw`
            update services set name = ${service.name}, duration_minutes = ${service.durationMinutes},
              buffer_minutes = ${service.bufferMinutes}, price = ${service.price}::numeric,
              is_active = ${service.isActive}
            where tenant_id = ${actor.tenantId} and id = ${serviceId}::uuid and deleted_at is null
            returning ${columns}`
    return rowsOf(serviceSetting, rows)[0] ?? null
  })
}
