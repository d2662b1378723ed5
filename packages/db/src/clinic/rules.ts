import { type ClinicRules, clinicRules, type SaveRulesInput } from '@vetcita/contracts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { sqlStateOfFailure } from '../sql/errors.ts'
import { rowsOf } from '../sql/rows.ts'

/** Returns what the clinic decides about itself, and the time zones that it may choose from; null if there is no such clinic. */
export function rulesOf(db: Database, actor: Actor): Promise<ClinicRules | null> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select name, timezone as time_zone, change_notice_minutes, book_lead_minutes, book_horizon_days,
        max_open_appointments, limit_unconfirmed, grace_minutes,
        -- the server's own list, since the server computes the clinic's wall time
        array(
          select z.name from pg_timezone_names z
          where z.name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
            or z.name in ('UTC', tenants.timezone)
          order by 1
        ) as time_zones
      from tenants where id = ${actor.tenantId}`
    const [rules] = rowsOf(clinicRules, rows)
    return rules === undefined ? null : { ...rules, timeZones: rules.timeZones.filter(isZoneHere) }
  })
}

/** Saves the clinic's rules, or returns false and saves nothing if the server knows no such time zone. For admins. */
export async function saveRules(db: Database, actor: Actor, rules: SaveRulesInput): Promise<boolean> {
  if (!isZoneHere(rules.timeZone)) return false
  try {
    await writeAsCaller(
      db,
      actor,
      (tx) => tx.$queryRaw`
        update tenants set name = ${rules.name}, timezone = ${rules.timeZone},
          change_notice_minutes = ${rules.changeNoticeMinutes},
          book_lead_minutes = coalesce(${rules.bookLeadMinutes ?? null}::integer, book_lead_minutes),
          book_horizon_days = coalesce(${rules.bookHorizonDays ?? null}::integer, book_horizon_days),
          max_open_appointments = case when ${rules.maxOpenAppointments === undefined}::boolean
            then max_open_appointments else ${rules.maxOpenAppointments ?? null}::integer end,
          limit_unconfirmed = coalesce(${rules.limitUnconfirmed ?? null}::boolean, limit_unconfirmed),
          grace_minutes = coalesce(${rules.graceMinutes ?? null}::integer, grace_minutes)
        where id = ${actor.tenantId}`,
    )
    return true
  } catch (error) {
    // raised by the trigger tenants_timezone, which looks the zone up
    if (sqlStateOfFailure(error) === '22023') return false
    throw error
  }
}

/** Returns whether Node knows a zone, by which it writes times into mails and calendar files. */
function isZoneHere(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
