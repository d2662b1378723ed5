import type { Clinic, ClinicSummary } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller, type Caller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'

const summaryColumns = Prisma.sql`t.id, t.name, t.timezone as "timeZone", t.currency, t.locale`

const summaryRow = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
})

const clinicRow = summaryRow.extend({ changeNoticeMinutes: z.int(), today: z.string() })
const serviceRow = z.object({
  id: z.string(),
  name: z.string(),
  durationMinutes: z.int(),
  price: z.coerce.number(),
})
const hoursRow = z.object({ vetId: z.string(), weekday: z.int(), opens: z.string(), closes: z.string() })
const vetRow = z.object({ id: z.string(), fullName: z.string() })

/** Every clinic, by name. Public. */
export function listClinics(db: Database): Promise<ClinicSummary[]> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`select ${summaryColumns} from tenants t order by t.name, t.id`
    return z.array(summaryRow).parse(rows)
  })
}

/** What anybody may know of a clinic, or null where there is none. `today` is the clinic's own date now. */
export function getClinic(db: Database, tenantId: string): Promise<Clinic | null> {
  return asCaller(db, 'visitor', async (tx) => {
    const clinics = await tx.$queryRaw`
      select ${summaryColumns}, t.change_notice_minutes as "changeNoticeMinutes",
        to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today
      from tenants t where t.id = ${tenantId}`
    const [clinic] = z.array(clinicRow).parse(clinics)
    if (clinic === undefined) return null
    const services = await tx.$queryRaw`
      select id, name, duration_minutes as "durationMinutes", price::text as price
      from services where tenant_id = ${tenantId} and is_active and deleted_at is null
      order by name, id`
    const vets = await tx.$queryRaw`
      select id, full_name as "fullName" from public_vets where tenant_id = ${tenantId} order by full_name, id`
    const hours = await tx.$queryRaw`
      select vet_id as "vetId", weekday, left(opens::text, 5) as opens, left(closes::text, 5) as closes
      from public_vet_hours where tenant_id = ${tenantId}
      order by weekday, opens, vet_id`
    return {
      ...clinic,
      services: z.array(serviceRow).parse(services),
      vets: z.array(vetRow).parse(vets),
      hours: z.array(hoursRow).parse(hours),
    }
  })
}

/** A clinic's summary, or null where there is none. */
export function findClinic(db: Database, caller: Caller, tenantId: string): Promise<ClinicSummary | null> {
  return asCaller(db, caller, async (tx) => {
    const rows = await tx.$queryRaw`select ${summaryColumns} from tenants t where t.id = ${tenantId}`
    return z.array(summaryRow).parse(rows)[0] ?? null
  })
}
