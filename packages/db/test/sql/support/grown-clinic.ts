import { randomUUID } from 'node:crypto'
import { type Clinic, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import type pg from 'pg'

/** A clinic whose present never changes, while its past and its neighbours grow. */
export type GrownClinic = {
  clinic: Clinic
  /** A client with a long history of their own, at this clinic and at another. */
  regular: { id: string; pet: string }
  /** A client whose appointments the calls make, move and cancel. */
  booker: { id: string; pet: string }
  /** A small clinic on the same server, which does not grow. */
  small: Clinic
  /** Sets everything that grows to that many appointments, and what comes with them. */
  growTo(appointments: number): Promise<void>
}

/** Makes the clinic while it is young. */
export async function youngClinic(admin: pg.Client): Promise<GrownClinic> {
  const clinic = await newClinic(admin)
  const small = await newClinic(admin)
  const neighbour = await newClinic(admin)
  const everyDay = [1, 2, 3, 4, 5, 6, 7].map((day) => [day, '06:00', '22:00'] as const)
  for (const vet of [clinic.vet, clinic.otherVet]) await setHours(admin, clinic, everyDay, vet)
  const regular = { id: randomUUID(), pet: randomUUID() }
  const booker = { id: randomUUID(), pet: randomUUID() }
  for (const { id, pet } of [regular, booker]) {
    await admin.query(
      `insert into profiles (tenant_id, id, full_name) select unnest($1::text[]), $2, 'Regular Client'`,
      [[clinic.tenant, neighbour.tenant], id],
    )
    await admin.query(
      `insert into pets (tenant_id, id, owner_id, name) select unnest($1::text[]), $2, $3, 'Canela'`,
      [[clinic.tenant, neighbour.tenant], pet, id],
    )
  }
  let past = 0
  const growTo = async (appointments: number) => {
    const span: Span = { from: past + 1, to: appointments }
    past = appointments
    await admin.query('begin')
    // Without triggers and checks of foreign keys: this is quick, and what is written is right by itself.
    await admin.query('set local session_replication_role = replica')
    // of eight appointments five are this vet's, one the regular's here and one elsewhere, one a neighbour's
    await addClients(admin, clinic, span, 8)
    await addClients(admin, neighbour, span, 8)
    await addPast(admin, clinic, { vet: clinic.vet, pet: null, of: [0, 1, 2, 3, 4] }, span)
    await addPast(admin, clinic, { vet: clinic.otherVet, pet: regular.pet, of: [5] }, span)
    await addPast(admin, neighbour, { vet: neighbour.vet, pet: regular.pet, of: [6] }, span)
    await addPast(admin, neighbour, { vet: neighbour.otherVet, pet: null, of: [7] }, span)
    await addOthers(admin, clinic, neighbour, span)
    await admin.query('commit')
  }
  return { clinic, regular, booker, small, growTo }
}

type Span = { from: number; to: number }

/** Adds clients with a pet, one for every `per` appointments; half of the names begin with one letter. */
async function addClients(admin: pg.Client, { tenant }: Clinic, span: Span, per: number): Promise<void> {
  await admin.query(
    `with made as (
       insert into profiles (tenant_id, full_name, phone, email)
       select $1, case when n % 16 = 0 then 'Marta ' else 'Beto ' end || md5(n::text), '0981' || 100000 + n, n || '@example.com'
       from generate_series($2::int, $3::int) n where n % $4 = 0
       returning id
     )
     insert into pets (tenant_id, owner_id, name) select $1, id, 'Rex' from made`,
    [tenant, span.from, span.to, per],
  )
}

/** Adds past appointments of one vet, half an hour each, the earliest last, with their events and changes of notes. */
async function addPast(
  admin: pg.Client,
  { tenant, service, owner, pet: someonesPet }: Clinic,
  { vet, pet, of }: { vet: string; pet: string | null; of: readonly number[] },
  span: Span,
): Promise<void> {
  await admin.query(
    `with made as (
       insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status,
         created_by, idempotency_key, request_hash, reason)
       select $1, $2, $3, $4::uuid, s.start_time, s.start_time + interval '30 minutes', s.start_time + interval '30 minutes',
         'completed', $5, 'past ' || n || $4::uuid, 'hash', repeat('x', 100)
       from generate_series($6::int, $7::int) n
       cross join lateral (
         select date_trunc('day', now()) - interval '20 days' - n * interval '30 minutes' as start_time
       ) s
       where n % 8 = any ($8::int[])
       returning id, start_time, vet_id
     ), noted as (
       insert into appointment_note_changes (tenant_id, appointment_id, at) select $1, id, start_time from made
     )
     insert into appointment_events (tenant_id, appointment_id, event, details, at)
     select $1, id, 'booked',
       jsonb_build_object('start_time', start_time, 'vet_id', vet_id, 'status', 'scheduled'), start_time - interval '1 day'
     from made`,
    [tenant, pet ?? someonesPet, service, vet, owner, span.from, span.to, of],
  )
}

/** Adds past time off, used links, and what other clients and clinics have. */
async function addOthers(admin: pg.Client, clinic: Clinic, neighbour: Clinic, span: Span): Promise<void> {
  const many = `from generate_series(${span.from}, ${span.to}) n where n % 8 = 0`
  const { tenant, vet, owner, admin: boss } = clinic
  await admin.query(`
    insert into vet_time_off (tenant_id, vet_id, start_time, end_time)
      select '${tenant}', '${vet}', now() - n * interval '1 day' - interval '20 days', now() - n * interval '1 day' - interval '19 days'
      ${many};
    insert into links (tenant_id, kind, role, token_hash, created_by, created_at, expires_at, used_at, used_by)
      select '${tenant}', 'invitation', 'vet', encode(sha256(('link ' || n)::bytea), 'hex'), '${boss}',
        now() - n * interval '1 day', now(), now() - n * interval '1 day', '${owner}' ${many};
    insert into store_products (tenant_id, name, price, stock, search_text)
      select '${neighbour.tenant}', 'Product ' || n, 1, 1, 'product ' || n ${many};
    insert into services (tenant_id, name) select '${neighbour.tenant}', 'Service ' || n ${many};
    insert into carts (tenant_id, customer_id) select tenant_id, id from profiles p
      where role = 'owner' and not exists (select from carts c where c.tenant_id = p.tenant_id and c.customer_id = p.id)
        and full_name ~ '^(Marta|Beto) ';
    insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity)
      select c.tenant_id, c.customer_id, 'product', '${clinic.product}', 1 from carts c on conflict do nothing;
    insert into login."user" (id, name, email)
      select gen_random_uuid(), 'Person', 'person' || n || '@example.com' ${many};
    insert into login.session (user_id, token, expires_at)
      select id, id::text, now() + interval '1 hour' from login."user" u
      where not exists (select from login.session s where s.user_id = u.id)`)
}
