import {
  type Clinic,
  type ClinicSummary,
  clinic,
  clinicSummary,
  closure,
  service,
  vet,
  weeklyHours,
} from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const summaryColumns = Prisma.sql`t.id, t.name, t.timezone as time_zone, t.currency, t.locale`

const clinicRow = clinic.omit({ services: true, vets: true, hours: true, closures: true })

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
      select ${summaryColumns}, t.change_notice_minutes, t.book_lead_minutes, t.book_horizon_days, t.grace_minutes,
        to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today
      from tenants t where t.id = ${tenantId}`
    const [found] = rowsOf(clinicRow, clinics)
    if (found === undefined) return null
    const services = await tx.$queryRaw`
      select s.id, s.name, s.duration_minutes, s.price::float8 as price, s.booking, s.category, s.preparation, s.species,
        array(
          select v.vet_id from vet_services v where v.tenant_id = s.tenant_id and v.service_id = s.id order by 1
        ) as vet_ids
      from services s where s.tenant_id = ${tenantId} and s.is_active and s.deleted_at is null
      order by s.position, s.name, s.id`
    const vets = await tx.$queryRaw`
      select id, full_name from public_vets where tenant_id = ${tenantId} order by full_name, id`
    const hours = await tx.$queryRaw`
      select vet_id, weekday, left(opens::text, 5) as opens, left(closes::text, 5) as closes
      from public_vet_hours where tenant_id = ${tenantId}
      order by weekday, opens, vet_id`
    const closures = await tx.$queryRaw`
      select id, name, clinic_moment(start_time, ${found.timeZone}) as start_time,
        clinic_moment(end_time, ${found.timeZone}) as end_time
      from clinic_closures
      where tenant_id = ${tenantId} and end_time > now() and end_time <= 'infinity'
      order by clinic_closures.end_time limit 100`
    return {
      ...found,
      services: rowsOf(service, services),
      vets: rowsOf(vet, vets),
      hours: rowsOf(weeklyHours, hours),
      closures: rowsOf(closure, closures),
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
