import type { LoadClinic } from '@vetcita/ops/load/clinic'
import type { Account, BenchDatabase } from './bench-database.ts'
import { freshClinic } from './clinic.ts'
import { addOverlapConstraint, dropOverlapConstraint } from './overlap.ts'

const clinics = 10
const vetsEach = 10

/**
 * Fills a database with years of history: a hundred vets in ten clinics, each with an appointment every 45 minutes, until
 * a month from now and as far back as `rows` requires. The triggers are off, because their work is not measured, and the
 * constraint is built afterwards. Then statistics are gathered, as in any database in use: a cached plan made for an empty
 * table would read all of a clinic's rows.
 */
export async function fillHistory(
  place: BenchDatabase,
  accounts: readonly Account[],
  rows: number,
): Promise<LoadClinic[]> {
  const definition = await dropOverlapConstraint(place.admin)
  const made: LoadClinic[] = []
  for (let n = 0; n < clinics; n += 1) made.push(await freshClinic(place, accounts, { vets: vetsEach }))
  await place.admin.query(`set session_replication_role = replica`)
  for (const { tenant, service, vets, clients } of made)
    await place.admin.query(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status, created_by)
       select $1, $2, $3, vet, at, at + interval '30 minutes', at + interval '30 minutes',
         case when n % 10 = 0 then 'cancelled' when at < now() then 'completed' else 'scheduled' end, $4
       from unnest($5::uuid[]) vet, generate_series(1, $6::int) n,
         lateral (select date_trunc('hour', now()) + interval '30 days' - n * interval '45 minutes' as at) t`,
      [tenant, clients[0]?.petId, service, clients[0]?.userId, vets, rows / clinics / vetsEach],
    )
  await place.admin.query(`set session_replication_role = origin`)
  await addOverlapConstraint(place.admin, definition)
  await place.admin.query('vacuum analyze')
  return made
}
