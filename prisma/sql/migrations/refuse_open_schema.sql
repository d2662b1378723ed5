-- Raises if anybody but the functions' owner can make objects in public, or has made one there that a call could mean.
-- Functions that are security definer look names up in public, and PostgreSQL prefers what fits a call best: anyone who
-- may create a function, an operator or a type there can have it run with the owner's rights.
--
-- Superusers, members of the owner and the schema's own owner could have these rights anyway.
create or replace function refuse_open_schema() returns void
language plpgsql volatile
-- not public: this function runs before it is known who has made what there
set search_path = pg_catalog, pg_temp
as $$
declare
  v_schema oid;
  v_owners oid[];
  v_open text;
  v_foreign text;
begin
  select n.oid, array[n.nspowner, case when n.nspowner = 'pg_database_owner'::regrole then d.datdba else n.nspowner end]
    into v_schema, v_owners
  from pg_namespace n, pg_database d
  where n.nspname = 'public'::name and d.datname = current_database();

  -- Databases that are older than PostgreSQL 15 let everybody. If another role owns the schema, this does nothing.
  if exists (
    select from pg_namespace n, aclexplode(n.nspacl) a
    where n.oid = v_schema and a.grantee = 0::oid and a.privilege_type = 'CREATE'::text
  ) then
    revoke create on schema public from public;
  end if;
  select string_agg(case a.grantee when 0::oid then 'public'::text else a.grantee::regrole::text end, ', '::text)
    into v_open
  from pg_namespace n, aclexplode(n.nspacl) a
  where n.oid = v_schema and a.privilege_type = 'CREATE'::text
    and (a.grantee = 0::oid or not (a.grantee = any (v_owners) or pg_has_role(a.grantee, current_user, 'member'::text)));
  if v_open is not null then
    raise exception 'Others may make objects in the schema public: %.', v_open
      using hint = format('As the schema''s owner run: revoke create on schema public from %s;', v_open);
  end if;

  select string_agg(o.what, '; '::text order by o.what) into v_foreign
  from (
    select format('function %s of %s'::text, p.oid::regprocedure, p.proowner::regrole) as what, p.proowner as owner
    from pg_proc p where p.pronamespace = v_schema
    union all
    select format('operator %s of %s'::text, o.oid::regoperator, o.oprowner::regrole), o.oprowner
    from pg_operator o where o.oprnamespace = v_schema
    union all
    select format('type %s of %s'::text, t.oid::regtype, t.typowner::regrole), t.typowner
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typnamespace = v_schema and t.typelem = 0::oid and (c.oid is null or c.relkind = 'c'::"char")
  ) o
  where not (o.owner = any (v_owners) or pg_has_role(o.owner, current_user, 'member'::text));
  if v_foreign is not null then
    raise exception 'The schema public holds what others have made: %.', v_foreign
      using hint = 'A call may mean these instead of PostgreSQL''s own. Drop them, or move them to another schema.';
  end if;
end
$$;

comment on function refuse_open_schema() is 'Raises if others can make objects in public.';
revoke execute on function refuse_open_schema() from public, anon, authenticated, service_role;
