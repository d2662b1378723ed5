import { randomUUID } from 'node:crypto'
import { adris } from '@vetcita/testing/seeded-clinics'
import { day } from '@vetcita/testing/times'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { startApi } from '../support/api.ts'

const vets = 12
const aDay = 40
const fewDays = 200
const manyDays = 2084

/**
 * Fills a clinic of 12 vets with 40 appointments a day each, from so many days before the last one, which is half a year
 * from now, up to so many days before it; one in ten is cancelled. Triggers and the overlap constraint are off, since they
 * are slow and do not affect reading.
 */
const appointments = (from: number, to: number) => `
  alter table appointments disable trigger all;
  do $$ begin
    execute (select coalesce(string_agg(format('alter table appointments drop constraint %I', conname), ';'), 'select')
      from pg_constraint where conrelid = 'appointments'::regclass and contype = 'x');
  end $$;
  insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status)
    select 'adris', pets.id, '${adris.consultation}', vet.id, s.start, s.start + interval '12 min',
      s.start + interval '15 min',
      case when (d + n) % 10 = 0 then 'cancelled' when s.start < now() then 'completed' else 'scheduled' end
    from generate_series(${from}, ${to - 1}) d, generate_series(0, ${aDay - 1}) n,
      lateral (select (current_date + 180 - d + time '08:00' + n * interval '15 min') at time zone 'America/Asuncion')
        as s (start),
      (select id, row_number() over (order by id) as number from profiles
        where tenant_id = 'adris' and role = 'vet') vet,
      (select id, row_number() over (order by id) as number from pets where tenant_id = 'adris') pets
    where pets.number = 1 + ((d * 480 + n * 12 + vet.number) * 7919) % 5000;
  alter table appointments enable trigger all`

const answered = z.object({
  result: z.object({ data: z.object({ vets: z.array(z.object({ appointments: z.array(z.unknown()) })) }) }),
})

it('a day of 480 appointments is one request, and takes as long with a million of them in the table as with 96,000', async () => {
  const api = await startApi()
  await api.admin.query(`
    insert into profiles (tenant_id, role, full_name) select 'adris', 'vet', 'Vet ' || n from generate_series(1, ${vets - 2}) n;
    insert into profiles (tenant_id, id, role, full_name) values ('adris', '${randomUUID()}', 'owner', 'Rosa');
    insert into pets (tenant_id, owner_id, name, species)
      select 'adris', p.id, 'Pet ' || n, 'cat' from profiles p, generate_series(1, 5000) n where p.full_name = 'Rosa'`)
  const lucia = await api.staff('Lucia', 'adris')
  const input = encodeURIComponent(JSON.stringify({ date: day(3) }))

  /** Returns the milliseconds of the median request of the quietest round: other programs slow some rounds down. */
  const medianOfADay = async () => {
    await api.admin.query('vacuum analyze')
    const medians: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const took: number[] = []
      for (let turn = 0; turn < 20; turn += 1) {
        const begun = performance.now()
        const response = await lucia.fetch(`/trpc/appointments.day?input=${input}`, {
          headers: { 'x-clinic': 'adris' },
        })
        const text = await response.text()
        took.push(performance.now() - begun)
        expect(response.status).toBe(200)
        const { data } = answered.parse(JSON.parse(text)).result
        expect(data.vets.reduce((sum, vet) => sum + vet.appointments.length, 0)).toBe(vets * aDay)
      }
      medians.push(took.sort((one, other) => one - other)[took.length / 2] ?? Number.NaN)
    }
    return Math.min(...medians)
  }

  await api.admin.query(appointments(0, fewDays))
  const few = await medianOfADay()
  await api.admin.query(appointments(fewDays, manyDays))
  const many = await medianOfADay()
  const { rows } = await api.admin.query<{ count: string }>('select count(*) from appointments')
  console.log(
    `A day of ${vets * aDay} appointments: median ${few.toFixed(1)} ms with ${fewDays * vets * aDay} in the table, ` +
      `${many.toFixed(1)} ms with ${rows[0]?.count}`,
  )
  // A clinic's history would make it ten times as long.
  expect(many).toBeLessThan(2 * few)
  await api.stop()
}, 600_000)
