import { productSchemas } from '@vetcita/catalogue/catalogue'
import type pg from 'pg'
import type { Check } from '../output.ts'
import { verdict } from './judge.ts'

/** Judges that no one but the functions' owner can make objects in the product's schemas. */
export async function checkClosedSchemas(client: pg.Client): Promise<Check> {
  return verdict("Only the owner can create objects in the functions' schemas", await openSchemas(client))
}

/**
 * Returns who else can make objects in the product's schemas, and which functions, operators and types of others are
 * there: anyone who may create one there can make a security definer function run it.
 *
 * Ask this before anything else, and if it returns something, ask nothing else: other queries call functions by their
 * names, too.
 */
export async function openSchemas(client: pg.Client): Promise<string[]> {
  const inside = client.getTransactionStatus() === 'T'
  await client.query(inside ? 'savepoint closed_schemas' : 'begin')
  try {
    await client.query('set local search_path = pg_catalog, pg_temp')
    const { rows } = await client.query<{ problem: string }>(query, [productSchemas])
    return rows.map(({ problem }) => problem)
  } finally {
    await client.query(inside ? 'rollback to savepoint closed_schemas' : 'rollback').catch(() => {})
  }
}

// As refuse_open_schema() of migration 088 judges the schema public. Who is a member of the owner could do as it does.
const query = `
  with owner as (
    select coalesce(
      (select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relname = 'appointments'),
      (select oid from pg_roles where rolname = current_user)
    ) as oid
  ), schema as (
    select n.oid, n.nspname, n.nspacl,
      array[n.nspowner, case when n.nspowner = 'pg_database_owner'::regrole then d.datdba else n.nspowner end] as owners
    from pg_namespace n, pg_database d
    where n.nspname = any ($1) and d.datname = current_database()
  ), object as (
    select pronamespace as schema, 'function ' || oid::regprocedure as name, proowner as owner from pg_proc
    union all
    select oprnamespace, 'operator ' || oid::regoperator, oprowner from pg_operator
    union all
    select t.typnamespace, 'type ' || t.oid::regtype, t.typowner
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typelem = 0 and (c.oid is null or c.relkind = 'c')
  )
  select case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end
    || ' may make objects in the schema ' || s.nspname || ': revoke create on schema ' || s.nspname || ' from '
    || case a.grantee when 0 then 'public' else a.grantee::regrole::text end as problem
  from schema s cross join aclexplode(s.nspacl) a cross join owner
  where a.privilege_type = 'CREATE'
    and (a.grantee = 0 or not (a.grantee = any (s.owners) or pg_has_role(a.grantee, owner.oid, 'member')))
  union all
  select o.name || ' belongs to ' || o.owner::regrole || ': drop it, or move it to another schema'
  from schema s join object o on o.schema = s.oid cross join owner
  where not (o.owner = any (s.owners) or pg_has_role(o.owner, owner.oid, 'member'))
  order by 1`
