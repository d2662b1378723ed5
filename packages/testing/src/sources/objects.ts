import type pg from 'pg'

/** Something in a database's catalogue that a file of `prisma/sql` makes. */
export type SqlObject = {
  /** The file's key: a function's or view's name without `public.`, or `policies of <table>`. */
  key: string
  kind: 'function' | 'trigger' | 'view' | 'policy' | 'rights'
  /** What `drop` names it by: `judge_slot(text[],text[])`, `pets_own on pets`, a view's or table's name. */
  identity: string
  /** What `create or replace` cannot change: a function's result and argument names, a view's columns. */
  shape: string
  /** Everything about it but its migration's number: text, comment, rights. */
  definition: string
}

const schemas = `('public', 'clinic_access', 'login')`

/** A name as the files write it. */
const named = (schema: string, name: string) =>
  `case ${schema} when 'public' then '' else ${schema} || '.' end || ${name}`

const comment = (oid: string, catalog: string) =>
  `coalesce(regexp_replace(obj_description(${oid}, '${catalog}'), '^Migration \\d+\\. ', ''), '')`

/** Who but its owner may do what, in a stable order. The API's role is left out: prisma/api-role.sql grants to it. */
const rights = (acl: string, owner: string) => `
  coalesce((
    select string_agg(g.role || '=' || g.privilege, ' ' order by g.role, g.privilege)
    from (
      select distinct case x.grantee when 0 then 'public' else x.grantee::regrole::text end as role,
        x.privilege_type as privilege
      from aclexplode(${acl}) x where x.grantee <> ${owner}
    ) g
    where g.role <> 'vetcita_api'
  ), '')`

const query = `
  select ${named('n.nspname', 'p.proname')} as key, 'function' as kind, p.oid::regprocedure::text as identity,
    concat_ws(' ', pg_get_function_result(p.oid), p.proargnames::text, p.pronargdefaults) as shape,
    concat_ws(e'\\n', pg_get_functiondef(p.oid), ${comment('p.oid', 'pg_proc')},
      ${rights(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')}) as definition
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ${schemas} and p.prokind = 'f'
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  union all
  select ${named('n.nspname', 'p.proname')}, 'trigger', format('%I on %s', t.tgname, t.tgrelid::regclass), '',
    pg_get_triggerdef(t.oid)
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ${schemas} and not t.tgisinternal
  union all
  select ${named('n.nspname', 'c.relname')}, 'view', c.oid::regclass::text,
    (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    concat_ws(e'\\n', pg_get_viewdef(c.oid), c.reloptions::text, ${comment('c.oid', 'pg_class')},
      ${rights(`coalesce(c.relacl, acldefault('r', c.relowner))`, 'c.relowner')})
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ${schemas} and c.relkind = 'v'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  union all
  select 'policies of ' || c.relname, 'policy', format('%I on %s', p.polname, c.oid::regclass), '',
    concat_ws(e'\\n', p.polcmd, p.polpermissive, p.polroles::regrole[]::text, pg_get_expr(p.polqual, p.polrelid),
      'check ' || pg_get_expr(p.polwithcheck, p.polrelid), ${comment('p.oid', 'pg_policy')})
  from pg_policy p join pg_class c on c.oid = p.polrelid
  where c.relnamespace = 'public'::regnamespace
  union all
  select 'policies of ' || c.relname, 'rights', c.oid::regclass::text, c.relrowsecurity::text,
    concat_ws(e'\\n', c.relrowsecurity, ${rights(`coalesce(c.relacl, acldefault('r', c.relowner))`, 'c.relowner')},
      (select string_agg(a.attname || ' ' || ${rights('a.attacl', 'c.relowner')}, e'\\n' order by a.attname)
       from pg_attribute a where a.attrelid = c.oid and a.attacl is not null and cardinality(a.attacl) > 0))
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
  order by 1, 2, 3`

/** Reads every such object of a database. */
export async function readObjects(client: pg.Client): Promise<SqlObject[]> {
  await client.query('set search_path = public')
  return (await client.query<SqlObject>(query)).rows
}

/** Removes every such object, and whatever hangs on one; tables and their rows stay. */
export async function dropObjects(client: pg.Client): Promise<void> {
  await client.query(`
    do $$
    declare
      v_statement text;
    begin
      -- All texts first: what a cascade has dropped has a number in place of its name.
      foreach v_statement in array array(
        select format('drop policy %I on %s', p.polname, p.polrelid::regclass) from pg_policy p
        union all
        select format('drop view if exists %s cascade', c.oid::regclass)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ${schemas} and c.relkind = 'v'
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
        union all
        select format('drop function if exists %s cascade', p.oid::regprocedure)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ${schemas} and p.prokind = 'f'
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all
        select format('alter table %s disable row level security', c.oid::regclass)
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      )
      loop
        execute v_statement;
      end loop;
    end
    $$;
    revoke all on all tables in schema public from public, anon, authenticated, service_role`)
}
