import { availableSlotsResult } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { createDatabase } from '@vetcita/db'
import { seedDemo } from '@vetcita/db/demo/seed'
import { apiRole } from '@vetcita/postgres'
import { adminUrl, apiPassword, apiTemplate, scratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { buildApi } from '../../src/http/app.ts'
import { testEnv } from '../support/api.ts'

/**
 * Copies the demo's people, pets and appointments a hundred times, as after many years: each copy's appointments are three
 * weeks before those of the previous copy.
 */
const aHundredfold = `
  insert into profiles (tenant_id, role, full_name)
    select tenant_id, role, full_name || ' ' || n from profiles, generate_series(1, 99) n where role = 'owner';
  insert into pets (tenant_id, owner_id, name, species)
    select tenant_id, owner_id, name || ' ' || n, species from pets, generate_series(1, 99) n;
  alter table appointments disable trigger user;
  insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status)
    select tenant_id, pet_id, service_id, vet_id, start_time - n * interval '3 weeks', end_time - n * interval '3 weeks',
      busy_until - n * interval '3 weeks', case status when 'cancelled' then status else 'completed' end
    from appointments, generate_series(1, 99) n where status <> 'no_show';
  alter table appointments enable trigger user;
  analyze`

const size = z.tuple([z.object({ appointments: z.int(), pets: z.int() })])
const answered = z.object({ result: z.object({ data: availableSlotsResult }) })
const question = z.tuple([z.object({ service: z.string(), today: z.string(), last: z.string() })])

it('a week of slots with any vet is one request, answered within 50 ms on the demo a hundredfold', async () => {
  const scratch = await scratchDatabase(adminUrl(), await apiTemplate(adminUrl()))
  const admin = new pg.Client({ connectionString: scratch.ownerUrl })
  await admin.connect()
  await seedDemo(scratch.ownerUrl)
  await admin.query(aHundredfold)
  const [rows] = size.parse(
    (
      await admin.query(
        'select (select count(*)::int from appointments) appointments, (select count(*)::int from pets) pets',
      )
    ).rows,
  )
  const [search] = question.parse(
    (
      await admin.query(
        `select s.id as service, to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today,
           to_char((now() at time zone t.timezone)::date + 6, 'YYYY-MM-DD') as last
         from tenants t join services s on s.tenant_id = t.id where t.id = 'adris' and s.name = 'Consulta general'`,
      )
    ).rows,
  )
  const { app } = await buildApi(
    testEnv(scratch.urlAs(apiRole, apiPassword)),
    createDatabase(scratch.urlAs(apiRole, apiPassword)),
  )
  const input = JSON.stringify({ serviceId: search.service, from: search.today, to: search.last })
  const took: number[] = []
  let slots = 0
  // Measured within this process from the request to the whole answer, so that no network is included.
  for (let turn = 0; turn < 60; turn += 1) {
    const begun = performance.now()
    const answer = await app.inject({
      url: `/trpc/slots.available?input=${encodeURIComponent(input)}`,
      headers: { 'x-clinic': 'adris' },
    })
    took.push(performance.now() - begun)
    expect(answer.statusCode).toBe(200)
    slots = slotsOf(answered.parse(answer.json()).result.data).length
  }
  took.sort((one, other) => one - other)
  const at = (share: number) => took[Math.floor(took.length * share)] ?? Number.POSITIVE_INFINITY
  console.log(
    `A week of slots (${slots} starts, ${rows.appointments} appointments, ${rows.pets} pets): ` +
      `median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms`,
  )
  expect(slots).toBeGreaterThan(50)
  expect(at(0.5)).toBeLessThan(50)
  await app.close()
  await admin.end()
  await scratch.drop()
})
