import type pg from 'pg'

const name = 'appointments_vet_no_overlap'

/** Drops the overlap constraint and returns its definition, to restore it. */
export async function dropOverlapConstraint(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(
    'select pg_get_constraintdef(oid) as definition from pg_constraint where conname = $1',
    [name],
  )
  const definition = rows[0]?.definition
  if (definition === undefined) throw new Error(`There is no constraint ${name}`)
  await client.query(`alter table appointments drop constraint ${name}`)
  return definition
}

export async function addOverlapConstraint(client: pg.Client, definition: string): Promise<void> {
  await client.query(`alter table appointments add constraint ${name} ${definition}`)
}

/** Counts the double bookings of a clinic: pairs of active appointments of one vet that overlap. */
export async function doubleBookings(client: pg.Client, tenant: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count
     from appointments a join appointments b on b.tenant_id = a.tenant_id and b.vet_id = a.vet_id and b.id > a.id
       and tstzrange(a.start_time, a.busy_until) && tstzrange(b.start_time, b.busy_until)
     where a.tenant_id = $1 and a.status not in ('cancelled', 'no_show') and b.status not in ('cancelled', 'no_show')`,
    [tenant],
  )
  return rows[0]?.count ?? 0
}
