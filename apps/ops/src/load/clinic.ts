import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** A pet owner at the load test's clinic, with a pet. */
export type Client = { userId: string; petId: string }

/** The clinic that a load test creates. */
export type LoadClinic = {
  tenant: string
  vets: string[]
  service: string
  products: string[]
  clients: Client[]
}

/** The domain of the accounts' email addresses, which can't exist. */
export const accountDomain = 'load-test.invalid'

/** Creates a clinic with vets without hours, a service of half an hour, and products. */
export async function makeClinic(client: pg.ClientBase, vets: number, products: number): Promise<LoadClinic> {
  const clinic: LoadClinic = {
    tenant: `load_${randomBytes(5).toString('hex')}`,
    vets: Array.from({ length: vets }, () => randomUUID()),
    service: randomUUID(),
    products: Array.from({ length: products }, () => randomUUID()),
    clients: [],
  }
  await client.query('begin')
  try {
    await client.query(`insert into public.tenants (id, name, timezone) values ($1, 'Load test', 'UTC')`, [
      clinic.tenant,
    ])
    await liftLimits(client, clinic.tenant)
    await client.query(
      `insert into public.profiles (tenant_id, id, role, full_name) select $1, unnest($2::uuid[]), 'vet', 'Load test'`,
      [clinic.tenant, clinic.vets],
    )
    await client.query(
      `insert into public.services (tenant_id, id, name, duration_minutes) values ($1, $2, 'Load test', 30)`,
      [clinic.tenant, clinic.service],
    )
    await client.query(
      `insert into public.store_products (tenant_id, id, name, stock) select $1, unnest($2::uuid[]), 'Load test', 99`,
      [clinic.tenant, clinic.products],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
  return clinic
}

/** The load books more than an owner may, where the database knows such a limit (106). */
async function liftLimits(client: pg.ClientBase, tenant: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_attribute where attrelid = 'public.tenants'::regclass and attname = 'max_open_appointments'`,
  )
  if (rowCount === 0) return
  await client.query(
    'update public.tenants set max_open_appointments = null, book_horizon_days = 3660 where id = $1',
    [tenant],
  )
}

/** Adds pet owners with one pet each. With `users`, their profiles exist already, because the accounts have joined. */
export async function addClients(
  client: pg.ClientBase,
  clinic: LoadClinic,
  count: number,
  users?: string[],
): Promise<void> {
  const added = Array.from({ length: count }, (_, at) => ({
    userId: users?.[at % users.length] ?? randomUUID(),
    petId: randomUUID(),
  }))
  if (users === undefined)
    await client.query(
      `insert into public.profiles (tenant_id, id, role, full_name) select $1, unnest($2::uuid[]), 'owner', 'Load test'`,
      [clinic.tenant, added.map(({ userId }) => userId)],
    )
  await client.query(
    `insert into public.pets (tenant_id, id, owner_id, name) select $1, unnest($2::uuid[]), unnest($3::uuid[]), 'Load test'`,
    [clinic.tenant, added.map(({ petId }) => petId), added.map(({ userId }) => userId)],
  )
  clinic.clients.push(...added)
}

/**
 * Removes the clinic and its accounts. A call in flight when the test was interrupted may still write a row, so it retries
 * if that happens.
 */
export async function removeClinic(client: pg.ClientBase, clinic: LoadClinic): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeOnce(client, clinic)
      return
    } catch (error) {
      await client.query('rollback')
      if (attempt === 5) throw error
      await sleep(200 * attempt)
    }
  }
}

async function removeOnce(client: pg.ClientBase, { tenant }: LoadClinic): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I', c.relname) as name
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  )
  await client.query('begin')
  // referring tables have to be emptied first, so retry until all are empty
  let left = rows.map(({ name }) => name)
  while (left.length > 0) {
    const still: string[] = []
    for (const name of left) {
      await client.query('savepoint one')
      try {
        await client.query(`delete from public.${name} where tenant_id = $1`, [tenant])
      } catch {
        await client.query('rollback to savepoint one')
        still.push(name)
      }
    }
    if (still.length === left.length) break
    left = still
  }
  await client.query('delete from public.tenants where id = $1', [tenant])
  const { rows: login } = await client.query(`select where to_regclass('login."user"') is not null`)
  if (login.length > 0) {
    const addresses = `${tenant}.%@${accountDomain}`
    await client.query(`delete from login."user" where email like $1`, [addresses])
    // the API's records of the mails that it sent there
    await client.query('delete from login.verification where identifier like $1', [`%${addresses}`])
  }
  await client.query('commit')
}
