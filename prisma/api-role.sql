-- The role that the API logs in as. Run it after the migrations, and again after any that adds or drops a function, as
-- the schema's owner (with CREATEROLE) or a superuser. It prints nothing if all is well. Then give the role a password:
--
--   psql "$DIRECT_URL" -f prisma/api-role.sql -c '\password vetcita_api'
--
-- The role is not a superuser, does not bypass row-level security and owns nothing. It may become anon and authenticated
-- to read as a caller, and is a member of service_role so that the functions trust it. As itself it reaches no table of
-- the clinics, so a query that forgets to become the caller fails instead of leaking.

begin;
-- A membership that is granted again raises a notice.
set local client_min_messages = warning;

do $$
declare
  v_role text;
begin
  if not exists (select from pg_roles where rolname = 'vetcita_api') then
    create role vetcita_api login noinherit;
  end if;
  foreach v_role in array array['anon', 'authenticated'] loop
    -- Before PostgreSQL 16 a membership always allows "set role", and noinherit keeps the other rights away.
    execute format(
      case when current_setting('server_version_num')::integer >= 160000
        then 'grant %I to vetcita_api with inherit false, set true' else 'grant %I to vetcita_api' end,
      v_role
    );
  end loop;
  -- It makes the functions trust the role and gives it no rights; from PostgreSQL 16 on not even by "set role".
  execute case when current_setting('server_version_num')::integer >= 160000
    then 'grant service_role to vetcita_api with inherit false, set false' else 'grant service_role to vetcita_api' end;
  -- The API sets these on each connection, too; a pooler may run a transaction in another session than that.
  alter role vetcita_api set timezone = 'UTC';
  alter role vetcita_api set datestyle = 'ISO, MDY';
  alter role vetcita_api set intervalstyle = 'postgres';
  alter role vetcita_api set bytea_output = 'hex';
  alter role vetcita_api set standard_conforming_strings = on;
  alter role vetcita_api set extra_float_digits = 1;
  alter role vetcita_api set search_path = public, pg_temp;
  alter role vetcita_api set default_transaction_isolation = 'read committed';
  alter role vetcita_api set transform_null_equals = off;
  alter role vetcita_api set array_nulls = on;
  alter role vetcita_api set idle_session_timeout = 0;
  alter role vetcita_api set statement_timeout = '15s';
  execute format('grant connect on database %I to vetcita_api', current_database());
end
$$;

grant usage on schema public, login to vetcita_api;
grant execute on function
  public.book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text),
  public.reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text),
  public.change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text),
  public.merge_cart_atomic(uuid, text, jsonb),
  public.set_cart_item_atomic(uuid, text, text, uuid, integer, text),
  public.available_slots(text, uuid, date, date, uuid, integer, uuid),
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
  login.signed_in(text, text),
  login.appointment_changes(timestamptz, integer),
  login.remove_abandoned_accounts(interval, integer)
to vetcita_api;
grant select, insert, update, delete on all tables in schema login to vetcita_api;

commit;
