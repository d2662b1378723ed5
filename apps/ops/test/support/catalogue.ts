import { withClient } from '@vetcita/postgres'
import type pg from 'pg'

const parts: Readonly<Record<string, string>> = {
  schemas: `select nspname, nspowner::regrole::text as owner, array(select unnest(nspacl)::text order by 1) as acl
    from pg_namespace where nspname in ('public', 'login', 'clinic_access', 'extensions') order by 1`,
  functions: `select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition, p.proowner::regrole::text as owner,
      array(select unnest(p.proacl)::text order by 1) as acl, obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'login', 'clinic_access')
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by 1`,
  relations: `select c.oid::regclass::text as name, c.relkind, c.relowner::regrole::text as owner, c.relrowsecurity as rls,
      array(select unnest(c.relacl)::text order by 1) as acl,
      case c.relkind when 'v' then pg_get_viewdef(c.oid) end as view
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'login') and c.relkind in ('r', 'v', 'S', 'p') order by 1`,
  columns: `select a.attrelid::regclass::text as relation, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid) as default, array(select unnest(a.attacl)::text order by 1) as acl
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where n.nspname in ('public', 'login') and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
    order by 1, a.attnum`,
  constraints: `select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace in (select oid from pg_namespace where nspname in ('public', 'login'))
      and contype <> 'n' order by 1, 2`,
  indexes: `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition, i.indisvalid
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'login') order by 1`,
  policies: `select schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies order by 1, 2, 3`,
  triggers: `select tgrelid::regclass::text as relation, tgname, pg_get_triggerdef(oid) as definition from pg_trigger
    where not tgisinternal order by 1, 2`,
  extensions: `select extname, n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by 1`,
}

/** Returns everything that the migrations make, and their history, as text for comparing two databases. */
export function catalogueOf(url: string): Promise<Record<string, unknown[]>> {
  return withClient(url, async (client) => {
    const catalogue: Record<string, unknown[]> = {}
    for (const [name, sql] of Object.entries(parts)) catalogue[name] = (await client.query(sql)).rows
    catalogue.history = await historyOf(client)
    return catalogue
  })
}

/** Returns the history without ids and times, one row per migration, in the order in which they started. */
export async function historyOf(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    `select migration_name, checksum, finished_at is not null as finished, rolled_back_at is not null as rolled_back,
       logs, applied_steps_count, finished_at >= started_at as in_order
     from _prisma_migrations order by started_at, migration_name`,
  )
  return rows
}
