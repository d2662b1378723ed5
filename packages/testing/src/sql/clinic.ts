import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type BookArguments, backend, book, textOf } from './calls.ts'

/** The ids of a clinic that one test has to itself. */
export type Clinic = {
  tenant: string
  owner: string
  pet: string
  otherOwner: string
  otherPet: string
  receptionist: string
  admin: string
  vet: string
  otherVet: string
  /** 30 minutes, no buffer */
  service: string
  product: string
}

export type ClinicOptions = { timezone?: string; noticeMinutes?: number; bufferMinutes?: number }

/** Makes a clinic with two pet owners and their pets, a receptionist, an admin, two vets without hours, a service and a product. */
export async function newClinic(client: pg.Client, options: ClinicOptions = {}): Promise<Clinic> {
  const clinic: Clinic = {
    tenant: `c${randomBytes(6).toString('hex')}`,
    owner: randomUUID(),
    pet: randomUUID(),
    otherOwner: randomUUID(),
    otherPet: randomUUID(),
    receptionist: randomUUID(),
    admin: randomUUID(),
    vet: randomUUID(),
    otherVet: randomUUID(),
    service: randomUUID(),
    product: randomUUID(),
  }
  const t = clinic.tenant
  await client.query(`
    insert into tenants (id, name, timezone, change_notice_minutes)
      values ('${t}', 'Clinic', '${options.timezone ?? 'UTC'}', ${options.noticeMinutes ?? 0});
    -- Tests that book much, or far ahead, are not about these limits. Databases before 106 do not have them.
    do $$
    begin
      update tenants set max_open_appointments = null, book_horizon_days = 3660, grace_minutes = 0 where id = '${t}';
    exception
      when undefined_column then null;
    end
    $$;
    insert into profiles (tenant_id, id, role, full_name) values
      ('${t}', '${clinic.owner}', 'owner', 'Owner One'), ('${t}', '${clinic.otherOwner}', 'owner', 'Owner Two'),
      ('${t}', '${clinic.receptionist}', 'receptionist', 'Receptionist'), ('${t}', '${clinic.admin}', 'admin', 'Admin'),
      ('${t}', '${clinic.vet}', 'vet', 'Vet One'), ('${t}', '${clinic.otherVet}', 'vet', 'Vet Two');
    insert into pets (tenant_id, id, owner_id, name) values
      ('${t}', '${clinic.pet}', '${clinic.owner}', 'Luna'), ('${t}', '${clinic.otherPet}', '${clinic.otherOwner}', 'Max');
    insert into services (tenant_id, id, name, duration_minutes, buffer_minutes, price)
      values ('${t}', '${clinic.service}', 'Consulta', 30, ${options.bufferMinutes ?? 0}, 150000);
    insert into store_products (tenant_id, id, name, price, stock)
      values ('${t}', '${clinic.product}', 'Alimento', 85000.50, 10)`)
  return clinic
}

/** Returns the instant `days` from today at that UTC time, in ISO 8601. */
export function at(days: number, time: string): string {
  const today = new Date()
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return new Date(
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, hours, minutes),
  ).toISOString()
}

/** Returns the instant some minutes from now, in ISO 8601. */
export function fromNow(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString()
}

/** Returns a time zone in which it is now this hour, so that a test does not depend on the time of day. */
export function zoneWhereItIs(hour: number): string {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12
  // the signs of these names are the wrong way round
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

/** Returns the arguments of a booking that succeeds, for a test to change one of them. */
export function booking(clinic: Clinic, change: Partial<BookArguments> = {}): BookArguments {
  return {
    p_tenant_id: clinic.tenant,
    p_pet_id: clinic.pet,
    p_service_id: clinic.service,
    p_vet_id: clinic.vet,
    p_start_time: at(3, '10:00'),
    ...change,
  }
}

/** Books as a trusted backend for the pet's owner and returns the appointment's id. */
export async function booked(
  client: pg.Client,
  clinic: Clinic,
  change: Partial<BookArguments> = {},
): Promise<string> {
  return textOf(await book(client, backend, booking(clinic, change)), 'appointment_id')
}

/** Inserts an appointment as plain clients did before there were functions, which also allows one in the past. */
export async function inserted(
  client: pg.Client,
  clinic: Clinic,
  start: string,
  change: { status?: string; vet?: string; pet?: string; minutes?: number } = {},
): Promise<string> {
  const id = randomUUID()
  await client.query(
    `insert into appointments (id, tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
     values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + make_interval(mins => $7), $8)`,
    [
      id,
      clinic.tenant,
      change.pet ?? clinic.pet,
      clinic.service,
      change.vet ?? clinic.vet,
      start,
      change.minutes ?? 30,
      change.status ?? 'scheduled',
    ],
  )
  return id
}

/** Returns every row that an operation at this clinic could write, as one text: equal before and after a failure. */
export async function everyRow(client: pg.Client, clinic: Clinic): Promise<string> {
  const tables = [
    'appointments',
    'appointment_events',
    'appointment_note_changes',
    'carts',
    'cart_items',
    'profiles',
    'pets',
    'vet_time_off',
  ]
  const parts = tables.map(
    (table) =>
      `'${table}', (select coalesce(jsonb_agg(to_jsonb(r) order by to_jsonb(r)::text), '[]') from ${table} r where tenant_id = $1)`,
  )
  const result = await client.query<{ rows: string }>(
    `select jsonb_build_object(${parts.join(', ')})::text as rows`,
    [clinic.tenant],
  )
  return result.rows[0]?.rows ?? ''
}

/** Returns an appointment's row. */
export async function appointment(client: pg.Client, id: string): Promise<Record<string, unknown>> {
  const result = await client.query<Record<string, unknown>>('select * from appointments where id = $1', [id])
  const row = result.rows[0]
  if (row === undefined) throw new Error(`no appointment ${id}`)
  return row
}

/** Adds a vet's opening hours: `[weekday, opens, closes]`, Monday is 1. */
export async function setHours(
  client: pg.Client,
  clinic: Clinic,
  rows: ReadonlyArray<readonly [number, string, string]>,
  vet = clinic.vet,
): Promise<void> {
  for (const [weekday, opens, closes] of rows) {
    await client.query(
      'insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ($1, $2, $3, $4, $5)',
      [clinic.tenant, vet, weekday, opens, closes],
    )
  }
}

/** Adds a vet's time off between two instants. */
export async function takeTimeOff(
  client: pg.Client,
  clinic: Clinic,
  start: string,
  end: string,
  vet = clinic.vet,
): Promise<void> {
  await client.query(
    'insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ($1, $2, $3, $4)',
    [clinic.tenant, vet, start, end],
  )
}
