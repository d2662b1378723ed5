import { readAddress } from '@vetcita/connection/address'
import { pinnedSession } from '@vetcita/connection/session'
import { hashPassword } from 'better-auth/crypto'
import pg from 'pg'
import { type DemoPet, demoCalendar, demoTimeOff, vetId } from './calendar.ts'
import { demoClinics } from './clinics.ts'
import { chances, demoId, pick } from './ids.ts'
import { demoPassword, demoSignIns } from './sign-ins.ts'
import type { DemoClinic } from './types.ts'

const walkInClients = 26

/**
 * Fills a migrated database with the demo: two clinics with vets, hours, services, products, owners, pets and three
 * weeks of appointments around today, and people who can sign in ({@link demoSignIns}). It does so in one transaction; the
 * same day and hour give the same rows. Does nothing if the clinic `adris` exists.
 *
 * @param directUrl the database, as the role that owns its tables
 * @param now the moment that "around today" is taken from; each clinic reads its own date and clock from it
 * @returns whether anything was written
 */
export async function seedDemo(directUrl: string, now: Date = new Date()): Promise<boolean> {
  const client = new pg.Client(readAddress(directUrl).config)
  await client.connect()
  try {
    await client.query(pinnedSession())
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(hashtext('vetcita demo'))`)
    const { rowCount } = await client.query(`select from public.tenants where id = 'adris'`)
    if (rowCount) return false
    await insertLogins(client)
    for (const clinic of demoClinics) await insertClinic(client, clinic, now)
    await client.query('commit')
    return true
  } finally {
    // also rolls back a transaction that was not committed
    await client.end()
  }
}

async function insertLogins(client: pg.Client): Promise<void> {
  const password = await hashPassword(demoPassword)
  await insert(
    client,
    'login."user"',
    'id uuid, name text, email text, email_verified boolean',
    demoSignIns.map(({ id, name, email }) => ({ id, name, email, email_verified: true })),
  )
  await insert(
    client,
    'login.account',
    'id uuid, user_id uuid, account_id text, provider_id text, password text',
    demoSignIns.map(({ id, email }) => ({
      id: demoId(`account ${email}`),
      user_id: id,
      account_id: id,
      provider_id: 'credential',
      password,
    })),
  )
}

async function insertClinic(client: pg.Client, clinic: DemoClinic, now: Date): Promise<void> {
  await insert(
    client,
    'public.tenants',
    'id text, name text, timezone text, currency text, locale text, change_notice_minutes integer',
    [
      {
        id: clinic.id,
        name: clinic.name,
        timezone: clinic.timezone,
        currency: clinic.currency,
        locale: clinic.locale,
        change_notice_minutes: clinic.changeNoticeMinutes,
      },
    ],
  )
  const { pets, firstPets } = await insertPeople(client, clinic)
  await insertCatalogue(client, clinic)
  await insertCalendar(client, clinic, pets, firstPets, now)
}

async function insertPeople(
  client: pg.Client,
  clinic: DemoClinic,
): Promise<{ pets: DemoPet[]; firstPets: DemoPet[] }> {
  const chance = chances(clinic.id.length * 104_729)
  const signIns = demoSignIns.flatMap((person) => {
    const role = person.clinics[clinic.id]
    return role
      ? [{ id: person.id, role, full_name: person.name, email: person.email, phone: person.phone }]
      : []
  })
  const others = clinic.vets
    .filter((vet) => !signIns.some((person) => person.id === vetId(vet)))
    .map((vet) => ({ id: vetId(vet), role: 'vet', full_name: vet.name, email: vet.email, phone: null }))
  const walkIns = Array.from({ length: walkInClients }, (_, index) => ({
    id: demoId(`${clinic.id} client ${index}`),
    role: 'owner',
    full_name: `${clinic.firstNames[index % clinic.firstNames.length]} ${pick(clinic.lastNames, chance)}`,
    email: null,
    phone: `${clinic.phonePrefix}${10 + index}${clinic.id === 'adris' ? ` ${200 + index * 7}` : ''}`,
  }))
  await insert(
    client,
    'public.profiles',
    'tenant_id text, id uuid, role text, full_name text, email text, phone text',
    [...signIns, ...others, ...walkIns].map((profile) => ({ tenant_id: clinic.id, ...profile })),
  )

  const owners = [...signIns.filter(({ role }) => role === 'owner'), ...walkIns]
  const pets = owners.flatMap((owner, ownerIndex) => {
    const count = ownerIndex < 2 ? 2 : 1 + Math.floor(chance() * 3)
    return Array.from({ length: count }, (_, index) => ({
      tenant_id: clinic.id,
      id: demoId(`${clinic.id} pet ${owner.id} ${index}`),
      owner_id: owner.id,
      name: clinic.petNames[(ownerIndex * 3 + index) % clinic.petNames.length] ?? '',
      species: pick(['dog', 'dog', 'dog', 'cat', 'cat', 'rabbit'], chance),
    }))
  })
  await insert(client, 'public.pets', 'tenant_id text, id uuid, owner_id uuid, name text, species text', pets)

  const asPets = pets.map(({ id, owner_id }) => ({ id, ownerId: owner_id }))
  const signedInOwners = new Set(signIns.map(({ id }) => id))
  return { pets: asPets, firstPets: asPets.filter(({ ownerId }) => signedInOwners.has(ownerId)) }
}

async function insertCatalogue(client: pg.Client, clinic: DemoClinic): Promise<void> {
  const products = clinic.shelves.flatMap(([category, shelf]) =>
    shelf.map((product) => ({ category, product })),
  )
  await insert(
    client,
    'public.services',
    'tenant_id text, id uuid, name text, duration_minutes integer, buffer_minutes integer, price numeric',
    clinic.services.map(([name, minutes, bufferMinutes, price], index) => ({
      tenant_id: clinic.id,
      id: serviceId(clinic, index),
      name,
      duration_minutes: minutes,
      buffer_minutes: bufferMinutes,
      price,
    })),
  )
  await insert(
    client,
    'public.store_products',
    'tenant_id text, id uuid, category text, name text, description text, price numeric, stock integer',
    products.map(({ category, product: [name, description, price, stock] }, index) => ({
      tenant_id: clinic.id,
      id: demoId(`${clinic.id} product ${index}`),
      category,
      name,
      description,
      price,
      stock,
    })),
  )
  await insert(
    client,
    'public.vet_hours',
    'tenant_id text, id uuid, vet_id uuid, weekday integer, opens time, closes time',
    clinic.vets.flatMap((vet) =>
      vet.hours.flatMap(({ weekdays, spans }) =>
        weekdays.flatMap((weekday) =>
          spans.map(([opens, closes]) => ({
            tenant_id: clinic.id,
            id: demoId(`${clinic.id} hours ${vet.email} ${weekday} ${opens}`),
            vet_id: vetId(vet),
            weekday,
            opens,
            closes,
          })),
        ),
      ),
    ),
  )
}

async function insertCalendar(
  client: pg.Client,
  clinic: DemoClinic,
  pets: DemoPet[],
  firstPets: DemoPet[],
  now: Date,
): Promise<void> {
  // By the server's time zone data, as for the slots that it offers.
  const { rows } = await client.query<{ day: number; minute: number }>(
    `select (wall::date - date '1970-01-01') as day,
            (extract(hour from wall) * 60 + extract(minute from wall))::integer as minute
     from (select $1::timestamptz at time zone $2) as clock (wall)`,
    [now.toISOString(), clinic.timezone],
  )
  const clock = rows[0]
  if (!clock) throw new Error(`no clock in ${clinic.timezone}`)
  const appointments = demoCalendar(clinic, pets, firstPets, clock)

  await client.query(
    `insert into public.vet_time_off (tenant_id, id, vet_id, start_time, end_time)
     select $1, id, vet_id,
       (date '1970-01-01' + first_day)::timestamp at time zone $2,
       (date '1970-01-01' + first_day + days)::timestamp at time zone $2
     from jsonb_to_recordset($3) as t (id uuid, vet_id uuid, first_day integer, days integer)`,
    [
      clinic.id,
      clinic.timezone,
      JSON.stringify(
        demoTimeOff.flatMap(({ vetIndex, fromDay, days }) => {
          const vet = clinic.vets[vetIndex]
          return vet
            ? [
                {
                  id: demoId(`${clinic.id} off ${vetIndex}`),
                  vet_id: vetId(vet),
                  first_day: clock.day + fromDay,
                  days,
                },
              ]
            : []
        }),
      ),
    ],
  )
  const rowsToInsert = JSON.stringify(
    appointments.map((appointment) => ({
      id: appointment.id,
      pet_id: appointment.petId,
      service_id: serviceId(clinic, appointment.serviceIndex),
      vet_id: appointment.vetId,
      created_by: appointment.ownerId,
      day: appointment.day,
      start_minute: appointment.startMinute,
      minutes: appointment.minutes,
      buffer_minutes: appointment.bufferMinutes,
      status: appointment.status,
      reason: appointment.reason,
      cancellation_reason: appointment.cancellationReason,
      booked_days_before: appointment.bookedDaysBefore,
    })),
  )
  // Booked first and then taken to their status, so that each has the history that its status implies.
  await client.query(
    `insert into public.appointments
       (tenant_id, id, pet_id, service_id, vet_id, start_time, end_time, busy_until, reason, created_by, created_at)
     select $1, id, pet_id, service_id, vet_id, start, start + make_interval(mins => minutes),
       start + make_interval(mins => minutes + buffer_minutes), reason, created_by,
       start - make_interval(days => booked_days_before)
     from jsonb_to_recordset($3) as t (
       id uuid, pet_id uuid, service_id uuid, vet_id uuid, created_by uuid, day integer, start_minute integer,
       minutes integer, buffer_minutes integer, reason text, booked_days_before integer
     ),
     lateral (
       select (date '1970-01-01' + day + make_interval(mins => start_minute)) at time zone $2 as start
     ) as wall
     order by vet_id, start`,
    [clinic.id, clinic.timezone, rowsToInsert],
  )
  await client.query(
    `update public.appointments a
     set status = t.status,
         cancellation_reason = t.cancellation_reason,
         cancelled_at = case when t.status = 'cancelled' then a.created_at + interval '1 hour' end
     from jsonb_to_recordset($2) as t (id uuid, status text, cancellation_reason text)
     where a.tenant_id = $1 and a.id = t.id and t.status <> 'scheduled'`,
    [clinic.id, rowsToInsert],
  )
  await client.query(
    `update public.appointment_events e
     set actor_id = case when e.event = 'booked' or a.status = 'cancelled' then a.created_by else a.vet_id end,
         at = case when e.event = 'booked' then a.created_at
              when a.status in ('completed', 'in_progress', 'no_show') then least(a.end_time, $2::timestamptz)
              else a.created_at + interval '1 hour' end
     from public.appointments a
     where e.tenant_id = $1 and a.tenant_id = e.tenant_id and a.id = e.appointment_id`,
    [clinic.id, now.toISOString()],
  )
}

function serviceId(clinic: DemoClinic, index: number): string {
  return demoId(`${clinic.id} service ${index}`)
}

/** Inserts rows given as objects; `columns` lists their keys and types, as `jsonb_to_recordset` expects. */
async function insert(client: pg.Client, table: string, columns: string, rows: object[]): Promise<void> {
  const names = columns
    .split(',')
    .map((column) => column.trim().split(' ')[0])
    .join(', ')
  await client.query(
    `insert into ${table} (${names}) select ${names} from jsonb_to_recordset($1) as t (${columns})`,
    [JSON.stringify(rows)],
  )
}
