import { newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'
import { backendPid } from './support/waiting.ts'

const db = await fileDatabase()

test.for([
  [
    'insert of several vets’ hours',
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
     select $1, v, 7, '06:00', '07:00' from unnest($2::uuid[]) with ordinality a (v, n) order by n`,
  ],
  [
    'update of several vets’ hours',
    `update vet_hours set closes = '05:45' where tenant_id = $1 and vet_id = any ($2) and opens = '05:00'`,
  ],
  [
    'delete of several vets’ hours',
    `delete from vet_hours where tenant_id = $1 and vet_id = any ($2) and opens = '05:00'`,
  ],
  [
    'insert of several vets’ time off',
    `insert into vet_time_off (tenant_id, vet_id, start_time, end_time)
     select $1, v, now(), now() + interval '1 day' from unnest($2::uuid[]) with ordinality a (v, n) order by n`,
  ],
  [
    'update of several vets’ time off',
    `update vet_time_off set reason = 'Congress' where tenant_id = $1 and vet_id = any ($2)`,
  ],
  ['delete of several vets’ time off', `delete from vet_time_off where tenant_id = $1 and vet_id = any ($2)`],
] as const)('an %s, in any order, does not deadlock with a function', async ([, sql]) => {
  const clinic = await newClinic(db.admin)
  const [first = '', last = ''] = [clinic.vet, clinic.otherVet].toSorted()
  // the last vet's row is met first
  for (const vet of [last, first]) {
    await db.rows(
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ($1, $2, now(), now() + interval '1 hour')`,
      [clinic.tenant, vet],
    )
    await db.rows(
      `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ($1, $2, 7, '05:00', '05:30')`,
      [clinic.tenant, vet],
    )
  }
  const [mover, writer] = [await db.connect(), await db.connect()]
  // in the order in which the rows were written
  await writer.query('set enable_indexscan = off; set enable_bitmapscan = off')
  const lock = (vet: string) =>
    mover.query('select from profiles where tenant_id = $1 and id = $2 for no key update', [
      clinic.tenant,
      vet,
    ])
  // as a move between the two does
  await mover.query('begin')
  await lock(first)
  const written = sqlState(writer.query(sql, [clinic.tenant, [last, first]]))
  const pid = await backendPid(mover)
  while (
    (await db.value('select count(*)::int from pg_stat_activity where $1 = any (pg_blocking_pids(pid))', [
      pid,
    ])) === 0
  );
  expect(await sqlState(lock(last))).toBe('none')
  await mover.query('commit')
  expect(await written).toBe('none')
})
