import type pg from 'pg'
import { slotIndex } from '../deploy/concurrent-index.ts'
import type { Check } from '../output.ts'
import { type Expected, ownSchemas } from './expected.ts'
import { verdict } from './functions.ts'
import { checkPolicies } from './policies.ts'

/** What the guide's index has to be, as every PostgreSQL from 15 to 18 prints it. */
export const slotIndexDefinition = `CREATE INDEX ${slotIndex} ON public.appointments USING btree (tenant_id, vet_id, start_time, end_time, status) WHERE (status <> ALL (ARRAY['cancelled'::text, 'no_show'::text]))`

export const overlapConstraint = 'appointments_vet_no_overlap'

const overlapDefinition =
  "EXCLUDE USING gist (tenant_id WITH =, vet_id WITH =, tstzrange(start_time, busy_until, '[)'::text) WITH &&) WHERE ((status <> ALL (ARRAY['cancelled'::text, 'no_show'::text])))"

/** What is wrong with the guide's index, or null. */
export async function slotIndexProblem(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ definition: string; valid: boolean }>(
    `select pg_get_indexdef(i.indexrelid) as definition, i.indisvalid and i.indisready as valid
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relname = $1 and c.relnamespace = 'public'::regnamespace`,
    [slotIndex],
  )
  const [index] = rows
  if (index === undefined) return `index ${slotIndex} is missing`
  if (!index.valid) return `index ${slotIndex} is invalid: its build was interrupted`
  if (index.definition !== slotIndexDefinition)
    return `index ${slotIndex} is another one: ${index.definition}`
  return null
}

/** What is wrong with the overlap constraint, or null. */
export async function overlapConstraintProblem(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ definition: string; valid: boolean }>(
    `select pg_get_constraintdef(c.oid) as definition, c.convalidated and i.indisvalid and not c.condeferrable as valid
     from pg_constraint c join pg_index i on i.indexrelid = c.conindid
     where c.conname = $1 and c.conrelid = to_regclass('public.appointments')`,
    [overlapConstraint],
  )
  const [constraint] = rows
  if (constraint === undefined) return `constraint ${overlapConstraint} is missing`
  if (!constraint.valid) return `constraint ${overlapConstraint} is not valid`
  if (constraint.definition !== overlapDefinition)
    return `constraint ${overlapConstraint} is another one: ${constraint.definition}`
  return null
}

/** Judges tables, indexes, constraints, triggers, row-level security and policies, as far as the migrations made them. */
export async function checkObjects(client: pg.Client, expected: Expected): Promise<Check[]> {
  const checks: Check[] = []
  if (expected.indexes.has(slotIndex)) {
    const problem = await slotIndexProblem(client)
    checks.push(verdict(`Index \`${slotIndex}\` exists`, problem === null ? [] : [problem]))
  }
  if (expected.constraints.has(`${overlapConstraint} on appointments`)) {
    const problem = await overlapConstraintProblem(client)
    checks.push(verdict(`Constraint \`${overlapConstraint}\` holds`, problem === null ? [] : [problem]))
  }
  checks.push(await checkRelations(client, expected), await checkTriggers(client, expected))
  if (expected.secured.size > 0)
    checks.push(
      await checkSecurity(client, expected),
      await checkPolicies(client, expected),
      await checkDirectWrites(client, expected),
    )
  return checks
}

/** Tables and views, and the indexes and constraints beside the two that have checks of their own: there, and valid. */
async function checkRelations(client: pg.ClientBase, expected: Expected): Promise<Check> {
  const { rows } = await client.query<{ name: string; sound: boolean }>(
    `select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name,
       coalesce(i.indisvalid and i.indisready, true) as sound
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
     where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'i', 'I')
     union all
     select format('%s on %s', o.conname, c.relname), o.convalidated
     from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1)`,
    [ownSchemas(expected)],
  )
  const live = new Map(rows.map(({ name, sound }) => [name, sound]))
  const judged = (kind: string, names: Iterable<string>) =>
    [...names].flatMap((name) => {
      const sound = live.get(name)
      if (sound === undefined) return [`${kind} ${name} is missing`]
      return sound ? [] : [`${kind} ${name} is not valid`]
    })
  const others = [...expected.indexes].filter((name) => name !== slotIndex)
  const constraints = [...expected.constraints].filter((name) => !name.startsWith(`${overlapConstraint} `))
  return verdict('Tables, views, other indexes and constraints are there', [
    ...judged('table', expected.tables),
    ...judged('view', expected.views),
    ...judged('index', others),
    ...judged('constraint', constraints),
  ])
}

async function checkTriggers(client: pg.ClientBase, expected: Expected): Promise<Check> {
  const { rows } = await client.query<{ trigger: string; enabled: boolean }>(
    `select format('%s on %s', t.tgname, case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname) as trigger,
       t.tgenabled in ('O', 'A') as enabled
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and not t.tgisinternal`,
    [ownSchemas(expected)],
  )
  const live = new Map(rows.map(({ trigger, enabled }) => [trigger, enabled]))
  return verdict(
    'Triggers are there and enabled',
    [...expected.triggers].flatMap((trigger) => {
      const enabled = live.get(trigger)
      if (enabled === undefined) return [`trigger ${trigger} is missing`]
      return enabled ? [] : [`trigger ${trigger} is disabled`]
    }),
  )
}

async function checkSecurity(client: pg.ClientBase, { secured }: Expected): Promise<Check> {
  const { rows } = await client.query<{ name: string; on: boolean }>(
    `select c.relname as name, c.relrowsecurity as on from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
  )
  const missing = [...secured].filter((table) => !rows.some(({ name }) => name === table))
  return verdict('Row-level security is on for every table', [
    ...missing.map((table) => `table ${table} is missing`),
    ...rows.filter(({ on }) => !on).map(({ name }) => `row-level security is off on ${name}`),
  ])
}

/** What the functions alone write, by the contract: whoever could write here directly would go round every promise. */
const writtenByFunctions = [
  'appointments',
  'appointment_events',
  'appointment_note_changes',
  'carts',
  'cart_items',
]

async function checkDirectWrites(client: pg.ClientBase, { tables }: Expected): Promise<Check> {
  const { rows } = await client.query<{ role: string; what: string; table: string }>(
    `select r.rolname as role, p.what, c.relname as table
     from pg_roles r, unnest(array['insert', 'update', 'delete']) p (what), pg_class c
     where r.rolname in ('anon', 'authenticated') and c.relname = any ($1) and c.relnamespace = 'public'::regnamespace
       and (has_table_privilege(r.oid, c.oid, p.what) or p.what <> 'delete' and has_any_column_privilege(r.oid, c.oid, p.what))
     order by 3, 1, 2`,
    [writtenByFunctions.filter((table) => tables.has(table))],
  )
  return verdict(
    'Clients write appointments, events and carts by functions alone',
    rows.map(({ role, what, table }) => `${role} may ${what} ${table} directly`),
  )
}
