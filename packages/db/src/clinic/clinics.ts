import {
  type Clinic,
  type ClinicSummary,
  clinic,
  clinicSummary,
  service,
  vet,
  weeklyHours,
} from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const summaryColumns = Prisma.sql`t.id, t.name, t.timezone as time_zone, t.currency, t.locale`

const clinicRow = clinic.omit({ services: true, vets: true, hours: true })

/** Returns every clinic, by name. Public. */
export function listClinics(db: Database): Promise<ClinicSummary[]> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`select ${summaryColumns} from tenants t order by t.name, t.id`
    return rowsOf(clinicSummary, rows)
  })
}

/** Returns what anyone may know of a clinic, or null if there is none. `today` is the clinic's own date. Public. */
export function getClinic(db: Database, tenantId: string): Promise<Clinic | null> {
  return asCaller(db, 'visitor', async (tx) => {
    const clinics = await tx.$queryRaw`
      select ${summaryColumns}, t.change_notice_minutes,
        to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today
      from tenants t where t.id = ${tenantId}`
    const [found] = rowsOf(clinicRow, clinics)
    if (found === undefined) return null
    const services = await tx.$queryRaw`
      select id, name, duration_minutes, price::float8 as price
      from services where tenant_id = ${tenantId} and is_active and deleted_at is null
      order by name, id`
    const vets = await tx.$queryRaw`
      select id, full_name from public_vets where tenant_id = ${tenantId} order by full_name, id`
    const hours = await tx.$queryRaw`
      select vet_id, weekday, left(opens::text, 5) as opens, left(closes::text, 5) as closes
      from public_vet_hours where tenant_id = ${tenantId}
      order by weekday, opens, vet_id`
    return {
      ...found,
      services: rowsOf(service, services),
      vets: rowsOf(vet, vets),
      hours: rowsOf(weeklyHours, hours),
    }
  })
}

/** Returns a clinic's summary, or null if there is no such clinic. */
export function findClinic(db: Database, tenantId: string): Promise<ClinicSummary | null> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`select ${summaryColumns} from tenants t where t.id = ${tenantId}`
    return rowsOf(clinicSummary, rows)[0] ?? null
  })
}
