import type pg from 'pg'
import { type Catalogue, catalogue, type Kind, kindNames, productSchemas } from './catalogue.ts'

const schemas = `(${productSchemas.map((name) => `'${name}'`).join(', ')})`

/** A name without its schema if that is `public`. */
const plain = (schema: string, name: string) =>
  `case ${schema} when 'public' then '' else ${schema} || '.' end || ${name}`

/** What an extension brought is the extension's. */
const notExtension = (catalog: string, oid: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`

/** Prisma's table of applied migrations is not made by a migration. */
const notHistory = `c.relname not like '\\_prisma\\_migrations%'`

/**
 * The rights of everyone but the owner. The API's role is left out, because prisma/api-role.sql grants to it and no
 * migration; so is the right to maintain, which servers before 17 do not have.
 */
const rights = (acl: string, owner: string) => `
  (select array_agg(r order by r) from (
    select distinct case x.grantee when 0 then 'public' else x.grantee::regrole::text end || '=' || x.privilege_type as r
    from aclexplode(${acl}) x
    where x.grantee <> ${owner} and x.privilege_type <> 'MAINTAIN' and x.grantee::regrole::text !~ '^vetcita_api'
  ) granted)`

const stamp = (oid: string, catalog: string) =>
  `substring(obj_description(${oid}, '${catalog}') from '^Migration (\\d+)')`

/** From 16 on a server leaves out the table's alias if a query reads one table. */
const withoutAlias = (text: string) => `regexp_replace(${text}, '\\m[a-z]\\.', '', 'g')`

/** Each yields `name` and `facts`; false and null facts are dropped. */
const queries: Readonly<Record<Kind, string>> = {
  schemas: `
    select nspname as name, json_build_object('rights', ${rights(`coalesce(nspacl, acldefault('n', nspowner))`, 'nspowner')}) as facts
    from pg_namespace where nspname in ${schemas} and nspname <> 'public' order by 1`,
  functions: `
    select ${plain('n.nspname', 'p.proname')} || case
        when row_number() over (partition by n.nspname, p.proname order by p.oid) = 1 then ''
        else '(' || oidvectortypes(p.proargtypes) || ')' end as name,
      json_build_object(
        'types', oidvectortypes(p.proargtypes), 'arguments', pg_get_function_arguments(p.oid),
        'result', pg_get_function_result(p.oid), 'language', l.lanname,
        'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
        'securityDefiner', nullif(p.prosecdef, false), 'strict', nullif(p.proisstrict, false), 'settings', p.proconfig,
        'body', left(encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')), 'hex'), 16),
        'rights', ${rights(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')},
        'stamp', ${stamp('p.oid', 'pg_proc')}
      ) as facts
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where n.nspname in ${schemas} and p.prokind in ('f', 'p') and ${notExtension('pg_proc', 'p.oid')}
    order by 1`,
  relations: `
    select ${plain('n.nspname', 'c.relname')} as name,
      json_build_object(
        'kind', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
        'rowSecurity', nullif(c.relrowsecurity, false), 'forceRowSecurity', nullif(c.relforcerowsecurity, false),
        'options', c.reloptions, 'query', ${withoutAlias('pg_get_viewdef(c.oid, true)')},
        'rights', ${rights(`coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))`, 'c.relowner')},
        'stamp', ${stamp('c.oid', 'pg_class')}
      ) as facts
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${schemas} and c.relkind in ('r', 'p', 'v', 'm', 'S') and ${notHistory}
      and ${notExtension('pg_class', 'c.oid')}
    order by 1`,
  columns: `
    select ${plain('n.nspname', 'c.relname')} || '.' || a.attname as name,
      json_build_object(
        'type', format_type(a.atttypid, a.atttypmod), 'required', nullif(a.attnotnull, false),
        'default', pg_get_expr(d.adbin, d.adrelid),
        'generated', case when a.attgenerated <> '' then 'stored' when a.attidentity <> '' then 'identity' end,
        'rights', ${rights('a.attacl', 'c.relowner')}
      ) as facts
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where n.nspname in ${schemas} and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped and ${notHistory}
      and ${notExtension('pg_class', 'c.oid')}
    order by n.nspname, c.relname, a.attnum`,
  // Servers from 18 on record not-null constraints; the columns say so on all.
  constraints: `
    select k.conname || ' on ' || ${plain('n.nspname', 'c.relname')} as name,
      json_build_object('definition', pg_get_constraintdef(k.oid), 'invalid', nullif(not k.convalidated, false)) as facts
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${schemas} and k.contype in ('c', 'f', 'p', 'u', 'x') and ${notHistory}
      and ${notExtension('pg_class', 'c.oid')}
    order by 1`,
  indexes: `
    select ${plain('n.nspname', 'i.relname')} as name,
      json_build_object('definition', pg_get_indexdef(x.indexrelid), 'invalid', nullif(not (x.indisvalid and x.indisready), false)) as facts
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    join pg_namespace n on n.oid = i.relnamespace
    where n.nspname in ${schemas} and ${notHistory} and ${notExtension('pg_class', 'c.oid')}
    order by 1`,
  triggers: `
    select t.tgname || ' on ' || ${plain('n.nspname', 'c.relname')} as name,
      json_build_object('definition', pg_get_triggerdef(t.oid), 'disabled', nullif(t.tgenabled not in ('O', 'A'), false)) as facts
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${schemas} and not t.tgisinternal
    order by 1`,
  policies: `
    select p.polname || ' on ' || ${plain('n.nspname', 'c.relname')} as name,
      json_build_object('definition', concat_ws(' ',
          case when p.polpermissive then 'permissive' else 'restrictive' end, 'for',
          case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
          'to', (select string_agg(coalesce(r.rolname, 'public'), ', ' order by r.rolname)
                 from unnest(p.polroles) o left join pg_roles r on r.oid = o),
          'using ' || pg_get_expr(p.polqual, p.polrelid), 'with check ' || pg_get_expr(p.polwithcheck, p.polrelid)),
        'stamp', ${stamp('p.oid', 'pg_policy')}) as facts
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${schemas}
    order by 1`,
}

/**
 * Reads what a database's schema consists of, the same on PostgreSQL 15 to 18 and for any owner. Leaves no trace: what
 * it sets is undone, in the caller's transaction if one is open.
 */
export async function readCatalogue(client: pg.Client): Promise<Catalogue> {
  const inside = client.getTransactionStatus() === 'T'
  await client.query(inside ? 'savepoint read_catalogue' : 'begin')
  try {
    // The server prints a name with its schema unless the search path finds it; an extension may be in any schema.
    await client.query(`
      select set_config('search_path', string_agg(distinct quote_ident(nspname), ', ' order by quote_ident(nspname)), true)
      from pg_namespace where nspname = 'public' or oid in (select extnamespace from pg_extension)`)
    const found: Record<string, Record<string, unknown>> = {}
    for (const kind of kindNames) {
      const { rows } = await client.query<{ name: string; facts: object }>(
        `select name, json_strip_nulls(facts) as facts from (${queries[kind]}) objects`,
      )
      found[kind] = Object.fromEntries(rows.map(({ name, facts }) => [name, facts]))
    }
    return catalogue.parse(found)
  } finally {
    await client.query(inside ? 'rollback to savepoint read_catalogue' : 'rollback').catch(() => {})
  }
}
