import type pg from 'pg'

/**
 * What stands in the database's catalogue, as JSON text with one thing a line: functions with arguments, result,
 * volatility, security, search_path, rights and stamp; tables with columns, constraints, indexes, triggers, policies
 * and rights; views. The same on PostgreSQL 15 to 18: what only newer ones write down (not-null constraints, the right
 * to maintain) is left out, and so are the names of owners.
 *
 * @param bodies with the text of functions, to compare two databases rather than to keep
 */
export async function catalogue(client: pg.Client, bodies = false): Promise<string> {
  const sections: Array<[string, Array<Record<string, unknown>>]> = []
  for (const [name, query] of Object.entries(queries))
    sections.push([name, (await client.query<Record<string, unknown>>(query)).rows])
  if (bodies) sections.push(['bodies', (await client.query<Record<string, unknown>>(bodiesQuery)).rows])
  const lines = sections.map(
    ([name, rows]) => `"${name}": [\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]`,
  )
  return `{\n${lines.join(',\n')}\n}\n`
}

const ours = `('public', 'clinic_access', 'login')`

/** Functions and relations that an extension brought are the extension's. */
const notExtension = (catalog: string, column: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${column} and d.deptype = 'e')`

/** Rights of everybody but the owner, as `role=right`, in alphabetical order. */
const rights = (acl: string, owner: string) => `
  coalesce((
    select array_agg(distinct coalesce(nullif(x.grantee::regrole::text, '-'), 'public') || '=' || x.privilege_type
      order by coalesce(nullif(x.grantee::regrole::text, '-'), 'public') || '=' || x.privilege_type)
    from aclexplode(${acl}) x
    where x.grantee <> ${owner} and x.privilege_type <> 'MAINTAIN'
      and (x.grantee = 0 or x.grantee::regrole::text in ('anon', 'authenticated', 'service_role'))
  ), '{}')`

const queries: Readonly<Record<string, string>> = {
  schemas: `
    select nspname as schema, ${rights(`coalesce(nspacl, acldefault('n', nspowner))`, 'nspowner')} as rights
    from pg_namespace where nspname in ${ours} and nspname <> 'public' order by 1`,
  functions: `
    select n.nspname as schema, p.proname as name, pg_get_function_arguments(p.oid) as arguments,
      pg_get_function_result(p.oid) as result, l.lanname as language,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      p.prosecdef as security_definer, p.proconfig as settings,
      ${rights(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')} as rights,
      substring(obj_description(p.oid, 'pg_proc') from '^Migration \\d+') as stamp
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where n.nspname in ${ours} and ${notExtension('pg_proc', 'p.oid')}
    order by 1, 2, 3`,
  tables: `
    select n.nspname as schema, c.relname as name, c.relkind as kind, c.relrowsecurity as row_security,
      c.relforcerowsecurity as force_row_security, c.reloptions as options,
      ${rights(`coalesce(c.relacl, acldefault('r', c.relowner))`, 'c.relowner')} as rights
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${ours} and c.relkind in ('r', 'v', 'm', 'p', 'S') and c.relname <> '_prisma_migrations'
      and ${notExtension('pg_class', 'c.oid')}
    order by 1, 2`,
  columns: `
    select n.nspname as schema, c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default,
      ${rights(`a.attacl`, 'c.relowner')} as rights
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where n.nspname in ${ours} and c.relkind in ('r', 'v') and c.relname <> '_prisma_migrations'
      and a.attnum > 0 and not a.attisdropped
    order by 1, 2, a.attnum`,
  constraints: `
    select n.nspname as schema, c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${ours} and k.contype <> 'n' and c.relname <> '_prisma_migrations'
    order by 1, 2, 3`,
  indexes: `
    select schemaname as schema, tablename as table, indexname as name, indexdef as definition
    from pg_indexes where schemaname in ${ours} and tablename <> '_prisma_migrations'
    order by 1, 2, 3`,
  triggers: `
    select n.nspname as schema, c.relname as table, t.tgname as name, pg_get_triggerdef(t.oid) as definition,
      t.tgenabled as enabled
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${ours} and not t.tgisinternal
    order by 1, 2, 3`,
  policies: `
    select schemaname as schema, tablename as table, policyname as name, permissive, roles::text[] as roles, cmd as command,
      qual as using, with_check
    from pg_policies where schemaname in ${ours} order by 1, 2, 3`,
  views: `
    -- from 16 on the server leaves out the table's name where a view reads one table
    select schemaname as schema, viewname as name, regexp_replace(definition, '\\m[a-z]\\.', '', 'g') as definition
    from pg_views where schemaname in ${ours} order by 1, 2`,
}

const bodiesQuery = `
  select p.oid::regprocedure::text as function, p.prosrc as body, obj_description(p.oid, 'pg_proc') as comment
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ${ours} and ${notExtension('pg_proc', 'p.oid')}
  order by 1`
