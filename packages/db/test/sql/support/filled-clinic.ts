import { backend, becomeText, type Caller, mergeCart } from '@vetcita/testing/sql/calls'
import { at, type Clinic, newClinic, setHours, takeTimeOff } from '@vetcita/testing/sql/clinic'
import type { TestDatabase } from '@vetcita/testing/sql/database'

/** Makes a clinic with rows in every table except the appointments, public ones and others. */
export async function filledClinic(db: TestDatabase): Promise<Clinic> {
  const made = await newClinic(db.admin)
  await setHours(db.admin, made, [[1, '00:00', '24:00']], made.admin)
  await setHours(
    db.admin,
    made,
    [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, '00:00', '24:00'] as const),
    made.vet,
  )
  await takeTimeOff(db.admin, made, at(30, '10:00'), at(31, '10:00'))
  await db.rows(
    `insert into clinic_closures (tenant_id, start_time, end_time, name) values ($1, $2, $3, 'Feriado')`,
    [made.tenant, at(40, '00:00'), at(41, '00:00')],
  )
  await db.rows('insert into vet_services (tenant_id, vet_id, service_id) values ($1, $2, $3)', [
    made.tenant,
    made.vet,
    made.service,
  ])
  for (const table of ['services', 'store_products'])
    await db.rows(
      `insert into ${table} (tenant_id, name, is_active, deleted_at)
       values ($1, 'Inactive', false, null), ($1, 'Gone', true, now())`,
      [made.tenant],
    )
  for (const customer of [made.owner, made.otherOwner])
    await mergeCart(db.admin, backend, {
      p_customer_id: customer,
      p_tenant_id: made.tenant,
      p_new_items: [{ type: 'product', id: made.product, quantity: 1 }],
    })
  return made
}

/** Runs `run` as that caller on the superuser's connection, and rolls it back. */
export async function asCaller<T>(db: TestDatabase, caller: Caller, run: () => Promise<T>): Promise<T> {
  await db.admin.query('begin')
  try {
    await db.admin.query(becomeText(caller))
    return await run()
  } finally {
    await db.admin.query('rollback')
  }
}
