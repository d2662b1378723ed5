import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/** A clinic with many past appointments. Each vet has a pet, with an owner, who comes to nobody else. */
export type BigClinic = {
  tenant: string
  vets: string[]
  pets: string[]
  pet: string
  service: string
  owner: string
}

/** Fills a database with that many past and future appointments of that many vets, without overlaps. */
export async function fillClinic(client: pg.Client, rows: number, vets = 50): Promise<BigClinic> {
  const ids = () => Array.from({ length: vets }, () => randomUUID())
  const owners = ids()
  const pets = ids()
  const clinic: BigClinic = {
    tenant: 'big_clinic',
    vets: ids(),
    pets,
    pet: pets[0] ?? '',
    service: randomUUID(),
    owner: owners[0] ?? '',
  }
  await client.query(`insert into tenants (id, name, timezone) values ($1, 'Big', 'UTC')`, [clinic.tenant])
  await client.query(
    `insert into profiles (tenant_id, id, role, full_name) select $1, unnest($2::uuid[]), 'vet', 'Vet'`,
    [clinic.tenant, clinic.vets],
  )
  // it books more than an owner may; databases before 106 do not know the limit
  await client.query(`
    do $$
    begin
      update tenants set max_open_appointments = null;
    exception
      when undefined_column then null;
    end
    $$`)
  await client.query(
    `insert into profiles (tenant_id, id, role, full_name) select $1, unnest($2::uuid[]), 'owner', 'Owner'`,
    [clinic.tenant, owners],
  )
  await client.query(
    `insert into pets (tenant_id, id, owner_id, name)
     select $1, p.pet, p.owner, 'Luna' from unnest($2::uuid[], $3::uuid[]) p (pet, owner)`,
    [clinic.tenant, pets, owners],
  )
  await client.query(`insert into services (tenant_id, id, name) values ($1, $2, 'Consulta')`, [
    clinic.tenant,
    clinic.service,
  ])
  await client.query(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
     select $1, vets.pet, $2, vets.id, start_time, start_time + interval '30 minutes',
       (array['scheduled', 'completed', 'completed', 'cancelled'])[1 + n % 4]
     from unnest($3::uuid[], $4::uuid[]) vets (id, pet), generate_series(1, $5::int) n,
       lateral (select date_trunc('hour', now()) + interval '10 days' - n * interval '45 minutes' as start_time) s`,
    [clinic.tenant, clinic.service, clinic.vets, pets, Math.ceil(rows / clinic.vets.length)],
  )
  await client.query('analyze appointments')
  return clinic
}

/** Returns a worker that books with plain inserts, as old code does, each time another slot of the same vet. */
export function plainInserts(client: pg.Client, clinic: BigClinic, vet: string): () => Promise<void> {
  let slot = 0
  return async () => {
    slot += 1
    await client.query(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
       select $1, $2, $3, $4, start_time, start_time + interval '30 minutes', 'scheduled'
       from (select date_trunc('hour', now()) + interval '20 days' + $5 * interval '30 minutes' as start_time) s`,
      [clinic.tenant, clinic.pet, clinic.service, vet, slot],
    )
  }
}

/** Makes a clinic with two overlapping appointments of one vet, which old code could make and the constraint refuses. */
export const overlappingAppointments = `
  insert into tenants (id, name) values ('clinic', 'Clinic');
  insert into profiles (tenant_id, id, role, full_name) values
    ('clinic', '00000000-0000-4000-8000-000000000001', 'vet', 'Vet'), ('clinic', '00000000-0000-4000-8000-000000000002', 'owner', 'Owner');
  insert into pets (tenant_id, id, owner_id, name) values
    ('clinic', '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', 'Luna');
  insert into services (tenant_id, id, name) values ('clinic', '00000000-0000-4000-8000-000000000004', 'Consulta');
  insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
    select 'clinic', '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000004',
      '00000000-0000-4000-8000-000000000001', s, s + interval '30 minutes'
    from (values (timestamptz '2030-01-01 10:00Z'), ('2030-01-01 10:15Z')) v (s)`
