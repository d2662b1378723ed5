import type pg from 'pg'
import { slotIndex } from '../deploy/concurrent-index.ts'
import type { Check } from '../output.ts'
import type { Expected } from './expected.ts'
import { verdict } from './functions.ts'

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

/** Judges the index, the constraint, triggers, row-level security and policies, as far as the migrations made them. */
export async function checkObjects(
  client: pg.ClientBase,
  expected: Expected,
  through: number,
): Promise<Check[]> {
  const checks: Check[] = []
  if (through >= 88) {
    const problem = await slotIndexProblem(client)
    checks.push(verdict(`Index \`${slotIndex}\` exists`, problem === null ? [] : [problem]))
  }
  if (through >= 91) {
    const problem = await overlapConstraintProblem(client)
    checks.push(verdict(`Constraint \`${overlapConstraint}\` holds`, problem === null ? [] : [problem]))
  }
  checks.push(await checkTriggers(client, expected))
  if (through >= 97) checks.push(await checkSecurity(client, expected), await checkPolicies(client, expected))
  return checks
}

async function checkTriggers(client: pg.ClientBase, { triggers }: Expected): Promise<Check> {
  const { rows } = await client.query<{ trigger: string; enabled: boolean }>(
    `select format('%s on %s', t.tgname, c.relname) as trigger, t.tgenabled in ('O', 'A') as enabled
     from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`,
  )
  const live = new Map(rows.map(({ trigger, enabled }) => [trigger, enabled]))
  return verdict(
    'Triggers are there and enabled',
    [...triggers].flatMap((trigger) => {
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

async function checkPolicies(client: pg.ClientBase, { policies }: Expected): Promise<Check> {
  const { rows } = await client.query<{ policy: string }>(
    `select format('%s on %s', policyname, tablename) as policy from pg_policies where schemaname = 'public'`,
  )
  const live = new Set(rows.map(({ policy }) => policy))
  return verdict('Policies are those of the migrations', [
    ...[...policies].filter((policy) => !live.has(policy)).map((policy) => `policy ${policy} is missing`),
    ...[...live]
      .filter((policy) => !policies.has(policy))
      .map((policy) => `policy ${policy} is no migration's`),
  ])
}
