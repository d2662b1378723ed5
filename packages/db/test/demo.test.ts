import { withClient } from '@vetcita/postgres'
import { adminUrl, migratedTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/testing'
import { verifyPassword } from 'better-auth/crypto'
import { expect, onTestFinished, test } from 'vitest'
import { seedDemo } from '../src/demo/seed.ts'
import { demoPassword, demoSignIns } from '../src/demo/sign-ins.ts'

// The demo data is complete, reproducible, and breaks none of the contract's invariants.
const noonInAsuncion = new Date('2026-11-24T15:00:00Z')

async function seeded(now = noonInAsuncion): Promise<ScratchDatabase> {
  const scratch = await scratchDatabase(adminUrl(), await migratedTemplate(adminUrl()))
  onTestFinished(() => scratch.drop())
  expect(await seedDemo(scratch.ownerUrl, now)).toBe(true)
  return scratch
}

function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)
}

async function count(url: string, from: string): Promise<number> {
  const [row] = await rows(url, `select count(*)::int as count from ${from}`)
  return Number(row?.count)
}

/** Returns all demo rows without the values that always differ: the password hash's salt, and when a row was written. */
async function contents(url: string): Promise<Record<string, unknown>[]> {
  return rows(
    url,
    `select 'tenants' as source, to_jsonb(t) as content from tenants t
     union all select 'profiles', to_jsonb(t) - 'created_at' from profiles t
     union all select 'pets', to_jsonb(t) - 'created_at' from pets t
     union all select 'services', to_jsonb(t) from services t
     union all select 'store_products', to_jsonb(t) from store_products t
     union all select 'vet_hours', to_jsonb(t) from vet_hours t
     union all select 'vet_time_off', to_jsonb(t) from vet_time_off t
     union all select 'appointments', to_jsonb(t) - 'updated_at' from appointments t
     union all select 'appointment_events', to_jsonb(t) - 'id' from appointment_events t
     union all select 'user', to_jsonb(t) - 'created_at' - 'updated_at' from login."user" t
     union all select 'account', to_jsonb(t) - 'created_at' - 'updated_at' - 'password' from login.account t
     order by 1, 2`,
  )
}

test('two seeds at the same hour give the same rows, ids included', async () => {
  const [one, other] = [await seeded(), await seeded()]
  const first = await contents(one.url)
  expect(first.length).toBeGreaterThan(1000)
  expect(await contents(other.url)).toEqual(first)
})

test('a second seed writes nothing', async () => {
  const { ownerUrl, url } = await seeded()
  const before = await contents(url)
  expect(await seedDemo(ownerUrl, new Date('2027-03-01T12:00:00Z'))).toBe(false)
  expect(await contents(url)).toEqual(before)
})

test('each clinic has five vets with hours and a lunch break, twelve services, thirty products and other staff', async () => {
  const { url } = await seeded()
  for (const clinic of ['adris', 'hudson']) {
    expect(await count(url, `profiles where tenant_id = '${clinic}' and role = 'vet'`)).toBe(5)
    expect(await count(url, `services where tenant_id = '${clinic}'`)).toBe(12)
    expect(await count(url, `services where tenant_id = '${clinic}' and buffer_minutes > 0`)).toBeGreaterThan(
      0,
    )
    expect(await count(url, `store_products where tenant_id = '${clinic}'`)).toBe(30)
    expect(await count(url, `profiles where tenant_id = '${clinic}' and role = 'receptionist'`)).toBe(1)
    expect(await count(url, `profiles where tenant_id = '${clinic}' and role = 'admin'`)).toBe(1)
    expect(
      await count(
        url,
        `(select vet_id from vet_hours where tenant_id = '${clinic}' group by vet_id, weekday having count(*) = 2
          ) as lunch where vet_id in (select id from profiles where role = 'vet')`,
      ),
    ).toBeGreaterThanOrEqual(15)
  }
  // guaraníes have no decimals
  expect(await count(url, `store_products where tenant_id = 'adris' and price <> round(price)`)).toBe(0)
})

test.each([
  ['a Tuesday at noon', '2026-11-24T15:00:00Z'],
  ['the week in which New York’s clocks go back', '2026-10-31T23:30:00Z'],
  ['the week in which they go forward', '2027-03-10T08:00:00Z'],
  ['a Sunday that is still Saturday in New York', '2026-06-14T03:30:00Z'],
])('data seeded on %s breaks no invariant of the contract', async (_when, now) => {
  const { url } = await seeded(new Date(now))
  const active = `status not in ('cancelled', 'no_show')`
  expect(
    await count(
      url,
      `appointments a join appointments b on a.tenant_id = b.tenant_id and a.vet_id = b.vet_id and a.id < b.id
         and tstzrange(a.start_time, a.busy_until) && tstzrange(b.start_time, b.busy_until)`,
    ),
  ).toBe(0)
  expect(
    await count(
      url,
      `appointments a join vet_time_off o on o.tenant_id = a.tenant_id and o.vet_id = a.vet_id
         and tstzrange(a.start_time, a.busy_until) && tstzrange(o.start_time, o.end_time)`,
    ),
  ).toBe(0)
  expect(
    await count(
      url,
      `appointments a where not exists (select from appointment_events e where e.appointment_id = a.id
           and e.event = 'booked')
         or a.version <> (select count(*) from appointment_events e where e.appointment_id = a.id)
         or a.status <> (select coalesce(e.details #>> '{to,status}', e.details ->> 'status') from appointment_events e
           where e.appointment_id = a.id order by e.event = 'booked', e.at desc limit 1)`,
    ),
  ).toBe(0)
  // the demo's rows also follow the functions' rules: within the vet's hours, in the clinic's time
  expect(
    await count(
      url,
      `appointments a join tenants t on t.id = a.tenant_id where not exists (
         select from vet_hours h where h.tenant_id = a.tenant_id and h.vet_id = a.vet_id
           and h.weekday = extract(isodow from a.start_time at time zone t.timezone)
           and h.opens <= (a.start_time at time zone t.timezone)::time
           and h.closes >= (a.end_time at time zone t.timezone)::time)`,
    ),
  ).toBe(0)
  const at = `'${now}'::timestamptz`
  expect(
    await count(url, `appointments where end_time <= ${at} and ${active} and status <> 'completed'`),
  ).toBe(0)
  expect(
    await count(
      url,
      `appointments where start_time > ${at} and status in ('completed', 'no_show', 'in_progress')`,
    ),
  ).toBe(0)
  expect(await count(url, `appointments where created_at > least(start_time, ${at})`)).toBe(0)
  expect(
    await count(
      url,
      `appointments a join appointments b on a.pet_id = b.pet_id and a.id < b.id
         and tstzrange(a.start_time, a.end_time) && tstzrange(b.start_time, b.end_time)`,
    ),
  ).toBe(0)
})

test('every demo user can sign in, and the pet owners have an upcoming appointment and a history', async () => {
  const { url } = await seeded()
  for (const person of demoSignIns) {
    const [account] = await rows(
      url,
      `select a.password from login.account a join login."user" u on u.id = a.user_id
       where u.email = '${person.email}' and a.provider_id = 'credential' and a.account_id = u.id::text`,
    )
    expect(await verifyPassword({ hash: String(account?.password), password: demoPassword })).toBe(true)
    for (const [clinic, role] of Object.entries(person.clinics)) {
      expect(
        await count(
          url,
          `profiles where tenant_id = '${clinic}' and id = '${person.id}' and role = '${role}'`,
        ),
      ).toBe(1)
      if (role !== 'owner') continue
      const own = `appointments a join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
        where a.tenant_id = '${clinic}' and p.owner_id = '${person.id}'`
      const at = `'${noonInAsuncion.toISOString()}'::timestamptz`
      expect(
        await count(url, `${own} and a.status in ('scheduled', 'confirmed') and a.start_time > ${at}`),
      ).toBeGreaterThan(0)
      expect(await count(url, `${own} and a.end_time < ${at}`)).toBeGreaterThan(0)
    }
  }
})
