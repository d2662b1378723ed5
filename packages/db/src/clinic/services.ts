import { type SaveServiceInput, type ServiceSetting, serviceSetting } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'

type Place = { userId: string; tenantId: string }

const columns = Prisma.sql`
  id, name, duration_minutes as "durationMinutes", buffer_minutes as "bufferMinutes", price::float8 as price,
  is_active as "isActive"`

/** A clinic's services, active or not, by name. For staff. */
export function servicesOf(db: Database, place: Place): Promise<ServiceSetting[]> {
  return asCaller(db, { userId: place.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from services where tenant_id = ${place.tenantId} and deleted_at is null
      order by name, id`
    return z.array(serviceSetting).parse(rows)
  })
}

/** Changes a service, or makes one; null where the clinic has no such service. For admins. */
export function saveService(
  db: Database,
  place: Place,
  { serviceId, ...service }: SaveServiceInput,
): Promise<ServiceSetting | null> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows =
        serviceId === undefined
          ? await tx.$queryRaw`
              insert into services (tenant_id, name, duration_minutes, buffer_minutes, price, is_active)
              values (${place.tenantId}, ${service.name}, ${service.durationMinutes}, ${service.bufferMinutes},
                ${service.price}::numeric, ${service.isActive})
              returning ${columns}`
          : await tx.$queryRaw`
              update services set name = ${service.name}, duration_minutes = ${service.durationMinutes},
                buffer_minutes = ${service.bufferMinutes}, price = ${service.price}::numeric,
                is_active = ${service.isActive}
              where tenant_id = ${place.tenantId} and id = ${serviceId}::uuid and deleted_at is null
              returning ${columns}`
      return z.array(serviceSetting).parse(rows)[0] ?? null
    },
    { access: 'write' },
  )
}
