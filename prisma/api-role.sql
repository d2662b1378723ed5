-- The role that the API logs in as. Run it after the migrations, and again after any that adds or drops a function, as
-- the schema's owner (with CREATEROLE) or a superuser:
--
--   pnpm ops api-role
--   psql "$DIRECT_URL" -f prisma/api-role.sql -c '\password vetcita_api'      (the same by hand; prints nothing)
--
-- Roles belong to the cluster. A second database on it gets a login of its own, which the command names; by hand:
--
--   psql "$DIRECT_URL" -c "set vetcita.api_login = 'vetcita_api_staging'" -f prisma/api-role.sql
--
-- The role is not a superuser, does not bypass row-level security and owns nothing. It may become anon and authenticated
-- to read as a caller, and is a member of service_role so that the functions trust it. As itself it reaches no table of
-- the clinics, so a query that forgets to become the caller fails instead of leaking.

\set ON_ERROR_STOP on
begin;
-- A membership that is granted again raises a notice.
set local client_min_messages = warning;

do $$
declare
  v_login text := coalesce(nullif(current_setting('vetcita.api_login', true), ''), 'vetcita_api');
  v_is_16 boolean := current_setting('server_version_num')::integer >= 160000;
  v_is_super boolean;
  v_makes_roles boolean;
  v_role text;
  v_setting text;
  v_refused text[] := '{}';
begin
  select rolsuper, rolsuper or rolcreaterole into v_is_super, v_makes_roles from pg_roles where rolname = current_user;
  if not exists (select from pg_roles where rolname = v_login) then
    if not v_makes_roles then
      raise exception '% may not create the role %.', current_user, v_login
        using errcode = 'insufficient_privilege',
          hint = format('As a superuser run: alter role %I createrole; then run this again.', current_user);
    end if;
    execute format('create role %I login noinherit', v_login);
  elsif not (
    v_is_super or v_makes_roles and not v_is_16
    or v_is_16 and pg_has_role(current_user, v_login, 'member with admin option')
  ) then
    raise exception 'The role % is there, and % may not change it: it may be the login of another database.',
      v_login, current_user
      using errcode = 'insufficient_privilege',
        hint = format(
          'Choose another name: pnpm ops api-role --login vetcita_api_%s. Or as a superuser run: grant %I to %I with admin option;',
          current_database(), v_login, current_user);
  end if;
  -- From PostgreSQL 16 on, a role with CREATEROLE may grant only roles that it has with the admin option.
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if v_is_super or v_makes_roles and not v_is_16
      or v_is_16 and pg_has_role(current_user, v_role, 'member with admin option')
    then
      -- Before PostgreSQL 16 a membership always allows "set role", and noinherit keeps the other rights away. Of
      -- service_role the functions trust a member; from 16 on it may not even be become.
      execute format('grant %I to %I', v_role, v_login)
        || case when v_is_16 then format(' with inherit false, set %s', (v_role <> 'service_role')::text) else '' end;
    elsif not pg_has_role(v_login, v_role, 'member') then
      v_refused := v_refused || v_role;
    end if;
  end loop;
  if v_refused <> '{}' then
    raise exception '% may not grant % to %.', current_user, array_to_string(v_refused, ', '), v_login
      using errcode = 'insufficient_privilege',
        hint = format('As a superuser, or as who made these roles, run: grant %s to %I with admin option; then run this again.',
          array_to_string(v_refused, ', '), current_user);
  end if;
  -- The API sets these on each connection, too; a pooler may run a transaction in another session than that.
  foreach v_setting in array array[
    'timezone = ''UTC''', 'statement_timeout = ''15s''', 'datestyle = ''ISO, MDY''', 'intervalstyle = ''postgres''',
    'bytea_output = ''hex''', 'standard_conforming_strings = on', 'extra_float_digits = 1',
    'search_path = public, pg_temp', 'default_transaction_isolation = ''read committed''',
    'transform_null_equals = off', 'array_nulls = on', 'idle_session_timeout = 0', 'enable_seqscan = off', 'jit = off'
  ] loop
    execute format('alter role %I set ', v_login) || v_setting;
  end loop;
  execute format('grant connect on database %I to %I', current_database(), v_login);
  execute format('grant usage on schema public, login to %I', v_login);
  execute format('grant execute on function
    public.book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb),
    public.reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[]),
    public.change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text),
    public.edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text),
    public.merge_cart_atomic(uuid, text, jsonb),
    public.set_cart_item_atomic(uuid, text, text, uuid, integer, text),
    public.available_slots(text, uuid, date, date, uuid, integer, uuid),
    public.explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid),
    public.clinic_moment(timestamptz, text),
    public.schema_version(),
    public.set_appointment_notes(uuid, text, uuid, text, text),
    public.search_clients(text, text, uuid, integer, integer),
    public.create_client(text, text, text, text, text, text, uuid, text),
    public.add_client_pet(text, uuid, text, text, uuid, text),
    public.invite_client(text, uuid, uuid),
    public.read_client_claim(text, text, uuid),
    public.claim_client(text, text, uuid),
    public.invite_staff(text, text, text, uuid),
    public.revoke_staff_invite(text, uuid, uuid),
    public.read_staff_invite(text, text, uuid),
    public.accept_staff_invite(text, text, text, uuid),
    public.set_staff_role(text, uuid, text, uuid, boolean),
    public.set_vet_hours(text, uuid, jsonb, uuid),
    public.set_service_vets(text, uuid, uuid[], uuid),
    public.add_clinic_closure(text, timestamp, timestamp, text, uuid, text),
    public.remove_clinic_closure(text, uuid, uuid),
    login.signed_in(text, text),
    login.appointment_changes(timestamptz, integer),
    login.remove_abandoned_accounts(interval, integer)
    to %I', v_login);
  execute format('grant select, insert, update, delete on all tables in schema login to %I', v_login);
end
$$;

commit;
