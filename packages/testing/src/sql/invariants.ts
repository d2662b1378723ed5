import { z } from 'zod'

/** A `pg` client or pool, connected as a user to whom row-level security does not apply. */
export type Queryable = { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> }

/** What the database acknowledged to clients and cannot know by itself. A part that is left out is not checked. */
export type Ledger = {
  /** ids of appointments in successful answers */
  appointmentIds: readonly string[]
  /** lines that were merged or set successfully, and neither removed nor lowered since */
  cartLines: ReadonlyArray<{
    tenantId: string
    customerId: string
    type: 'product' | 'service'
    id: string
    quantity: number
  }>
  /** time-off rows, with the server's time, read after the commit was acknowledged */
  timeOff: ReadonlyArray<{ tenantId: string; id: string; committedAt: Date }>
}

const counts = z.object({
  /** pairs of active appointments of one vet that overlap, buffers included, squeeze-ins apart */
  overlappingPairs: z.number(),
  /** successful answers whose row is missing */
  lostAppointments: z.number(),
  /** rows beyond the first for one idempotency key */
  duplicateKeys: z.number(),
  /** acknowledged cart lines that are absent or have a smaller quantity */
  lostCartLines: z.number(),
  /** appointments whose pet, service, vet or booker belongs to another tenant */
  foreignReferences: z.number(),
  /** appointments whose changes of start, vet and status differ from their events */
  unrecordedChanges: z.number(),
  /** appointments booked or moved into a time off that was committed before */
  bookedWhileAway: z.number(),
  /** pairs of active appointments of one pet that overlap, where no event says that staff set the rule aside */
  petsInTwoPlaces: z.number(),
  /** owners with more open appointments that they booked themselves than their clinic allows */
  ownersAboveLimit: z.number(),
})

/** Counts of violations of the database contract's invariants. Each must always be 0, even after a kill. */
export type Violations = z.infer<typeof counts>

/**
 * Counts the violations of the contract's invariants in the whole database.
 *
 * @throws the database's error
 */
export async function violations(db: Queryable, ledger: Partial<Ledger> = {}): Promise<Violations> {
  const { rows } = await db.query(query, [
    ledger.appointmentIds ?? [],
    JSON.stringify(ledger.cartLines ?? []),
    JSON.stringify(ledger.timeOff ?? []),
  ])
  return counts.parse(rows[0])
}

/** What {@link violations} returns if there are none. */
export const noViolations: Violations = {
  overlappingPairs: 0,
  lostAppointments: 0,
  duplicateKeys: 0,
  lostCartLines: 0,
  foreignReferences: 0,
  unrecordedChanges: 0,
  bookedWhileAway: 0,
  petsInTwoPlaces: 0,
  ownersAboveLimit: 0,
}

// unrecordedChanges: if every state was recorded, the states that events entered are those that later events left, plus
// the present one. They are compared as multisets, because two events of one transaction have no order. Appointments
// from before there were events have no "booked" event; only the number of their changes is compared. Times are compared
// as instants: their text depends on the session that wrote it.
const query = `
with active as (
  select * from appointments
  where status not in ('cancelled', 'no_show') and (status <> 'held' or hold_expires_at > now())
),
states as (
  select e.tenant_id, e.appointment_id, 1 as entered, state
  from appointment_events e cross join lateral (select coalesce(e.details -> 'to', e.details) as state) s
  union all
  select e.tenant_id, e.appointment_id, -1, e.details -> 'from'
  from appointment_events e where e.event <> 'booked'
  union all
  select a.tenant_id, a.id, -1,
    jsonb_build_object('start_time', a.start_time, 'vet_id', a.vet_id, 'status', a.status)
  from appointments a
),
unbalanced as (
  select distinct tenant_id, appointment_id
  from (
    select tenant_id, appointment_id from states
    group by tenant_id, appointment_id,
      (state ->> 'start_time')::timestamptz, state ->> 'vet_id', state ->> 'status'
    having sum(entered) <> 0
  ) s
),
counted as (
  select a.tenant_id, a.id, a.version,
    count(e.id) filter (where e.event = 'booked') as beginnings,
    count(e.id) filter (where e.event <> 'booked') as changes
  from appointments a
  left join appointment_events e on e.tenant_id = a.tenant_id and e.appointment_id = a.id
  group by a.tenant_id, a.id, a.version
),
placed as (
  select distinct on (tenant_id, appointment_id) tenant_id, appointment_id, at
  from appointment_events where event in ('booked', 'rescheduled')
  order by tenant_id, appointment_id, at desc
)
select
  (
    select count(*)::int from active a
    join active b on b.tenant_id = a.tenant_id and b.vet_id = a.vet_id and b.id > a.id
      and tstzrange(a.start_time, a.busy_until) && tstzrange(b.start_time, b.busy_until)
    where not a.squeeze_in and not b.squeeze_in
  ) as "overlappingPairs",
  (
    select count(*)::int from unnest($1::uuid[]) told_id
    where not exists (select from appointments a where a.id = told_id)
  ) as "lostAppointments",
  (
    select coalesce(sum(n - 1), 0)::int from (
      select count(*) as n from appointments where idempotency_key is not null
      group by tenant_id, created_by, idempotency_key
    ) k
  ) as "duplicateKeys",
  (
    select count(*)::int
    from jsonb_to_recordset($2::jsonb)
      as l ("tenantId" text, "customerId" uuid, type text, id uuid, quantity integer)
    where not exists (
      select from cart_items i
      where i.tenant_id = l."tenantId" and i.customer_id = l."customerId" and i.item_type = l.type
        and i.item_id = l.id and i.quantity >= l.quantity
    )
  ) as "lostCartLines",
  (
    select count(*)::int from appointments a
    where not exists (select from pets p where p.tenant_id = a.tenant_id and p.id = a.pet_id)
      or not exists (select from services s where s.tenant_id = a.tenant_id and s.id = a.service_id)
      or not exists (select from profiles v where v.tenant_id = a.tenant_id and v.id = a.vet_id)
      or (
        a.created_by is not null
        and not exists (select from profiles c where c.tenant_id = a.tenant_id and c.id = a.created_by)
      )
  ) as "foreignReferences",
  (
    select count(*)::int from counted t
    where t.changes <> t.version - 1 or t.beginnings > 1
      or (
        t.beginnings = 1
        and exists (select from unbalanced u where u.tenant_id = t.tenant_id and u.appointment_id = t.id)
      )
  ) as "unrecordedChanges",
  (
    select count(*)::int
    from jsonb_to_recordset($3::jsonb) as l ("tenantId" text, id uuid, "committedAt" timestamptz)
    join vet_time_off o on o.tenant_id = l."tenantId" and o.id = l.id
    join active a on a.tenant_id = o.tenant_id and a.vet_id = o.vet_id
      and a.start_time < o.end_time and a.busy_until > o.start_time
      -- a plain insert has no booker, and nothing keeps it out of a vet's time off
      and a.created_by is not null
    join placed p on p.tenant_id = a.tenant_id and p.appointment_id = a.id and p.at > l."committedAt"
  ) as "bookedWhileAway",
  (
    select count(*)::int from active a
    join active b on b.tenant_id = a.tenant_id and b.pet_id = a.pet_id and b.id > a.id
      and tstzrange(a.start_time, a.end_time) && tstzrange(b.start_time, b.end_time)
    -- a plain insert has no booker, and nothing keeps the rule for it
    where a.created_by is not null and b.created_by is not null
      and not exists (
        select from appointment_events e
        where e.tenant_id = a.tenant_id and e.appointment_id in (a.id, b.id) and e.details -> 'overrides' ? 'pet_busy'
      )
  ) as "petsInTwoPlaces",
  (
    select count(*)::int from (
      select p.tenant_id, p.owner_id
      from active a
      join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
      join tenants t on t.id = a.tenant_id
      where a.created_by = p.owner_id and a.status <> 'completed' and a.end_time > now()
        and t.max_open_appointments is not null
      group by p.tenant_id, p.owner_id, t.max_open_appointments
      having count(*) > t.max_open_appointments
    ) o
  ) as "ownersAboveLimit"`
