import { type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import type pg from 'pg'

export type Population = {
  clinic: Clinic
  /** pet owners with one pet each */
  owners: ReadonlyArray<{ owner: string; pet: string }>
  vets: readonly string[]
}

/** Makes a clinic with that many pet owners, each with a pet, and vets without hours. */
export async function populate(client: pg.Client, owners: number, vets = 0): Promise<Population> {
  const clinic = await newClinic(client)
  const people = await client.query<{ owner: string; pet: string }>(
    `with made as (
       insert into profiles (tenant_id, full_name) select $1, 'Owner ' || n from generate_series(1, $2) n returning id
     )
     insert into pets (tenant_id, owner_id, name) select $1, id, 'Pet' from made
     returning owner_id as owner, id as pet`,
    [clinic.tenant, owners],
  )
  const treating = await client.query<{ id: string }>(
    `insert into profiles (tenant_id, role, full_name)
     select $1, 'vet', 'Vet ' || n from generate_series(1, $2) n returning id`,
    [clinic.tenant, vets],
  )
  return { clinic, owners: people.rows, vets: treating.rows.map((row) => row.id) }
}

/** Inserts one appointment for each pet owner with that vet, one after another from `firstStart`. */
export async function spread(
  client: pg.Client,
  { clinic, owners }: Population,
  vet: string,
  firstStart: string,
): Promise<Array<{ id: string; owner: string }>> {
  const result = await client.query<{ id: string; owner: string }>(
    `with made as (
       insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       select $1, pet, $2, $3, $4::timestamptz + n * interval '30 minutes', $4::timestamptz + (n + 1) * interval '30 minutes'
       from unnest($5::uuid[]) with ordinality p (pet, n)
       returning id, pet_id
     )
     select m.id, p.owner_id as owner from made m join pets p on p.tenant_id = $1 and p.id = m.pet_id`,
    [clinic.tenant, clinic.service, vet, firstStart, owners.map(({ pet }) => pet)],
  )
  return result.rows
}
