import { addClients, type LoadClinic, makeClinic } from '@vetcita/ops/load/clinic'
import type { Account, BenchDatabase } from './bench-database.ts'

/** Makes a clinic for one measurement alone, so that measurements do not interfere; its clients are the accounts. */
export async function freshClinic(
  place: BenchDatabase,
  accounts: readonly Account[],
  { vets = 20, products = 0 }: { vets?: number; products?: number } = {},
): Promise<LoadClinic> {
  const clinic = await makeClinic(place.admin, vets, products)
  if (accounts.length === 0) return clinic
  const users = accounts.map(({ userId }) => userId)
  await place.admin.query(
    `insert into profiles (tenant_id, id, role, full_name) select $1, unnest($2::uuid[]), 'owner', 'Bench'`,
    [clinic.tenant, users],
  )
  await addClients(place.admin, clinic, 64, users)
  return clinic
}
