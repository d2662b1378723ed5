-- 000: the clinic's tables, and the three roles of PostgREST and Supabase callers.
--
-- The tenant is in every primary and foreign key, so that no row can refer to another clinic, and so that the schema
-- can be distributed by tenant_id. Rules are in the functions and constraints of later migrations; here are only those
-- that a single row can check. Every number and every instant is one that a page can show: no NaN, no infinity, no year
-- 294276. The bounds of instants are a year beyond those of the functions and forms, whatever the time zone.

begin;
set local search_path = public, pg_temp;

-- Roles belong to the cluster, not to the database: another database may have made them, even at this moment.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_roles where rolname = v_role) then
      begin
        -- pg_catalog.format, because it is not known yet who has made functions in public
        execute pg_catalog.format('create role %I nologin noinherit', v_role);
      exception
        when duplicate_object or unique_violation then
          null; -- made by another session since the check
        when insufficient_privilege then
          raise exception 'The role "%" is missing and "%" may not create roles.', v_role, current_user
            using hint = 'Run as a user with CREATEROLE: create role anon nologin noinherit; '
              'create role authenticated nologin noinherit; create role service_role nologin noinherit;';
      end;
    end if;
  end loop;
end
$$;

-- prisma/sql/migrations/refuse_open_schema.sql
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

comment on function refuse_open_schema() is 'Migration 000. Raises if others can make objects in public.';
revoke execute on function refuse_open_schema() from public, anon, authenticated, service_role;

-- prisma/sql/identity/is_plain.sql
-- Returns whether a text has no control characters (line breaks among them) and none that nobody sees: zero-width ones,
-- marks that turn the direction of what follows, fillers. Names are such texts, so that two that look alike are alike.
-- plainPattern of packages/contracts is the same; a test compares them. Granted to roles that write tables, because a
-- check runs it as its caller.
create or replace function is_plain(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]';

comment on function is_plain(text) is 'Migration 000. Whether a text has no control characters and none that nobody sees.';
revoke execute on function is_plain(text) from public, anon, authenticated, service_role;
grant execute on function is_plain(text) to authenticated, service_role;
-- prisma/sql ends

select refuse_open_schema();

create table tenants (
  id text primary key check (id ~ '^[a-z][a-z0-9_-]{1,49}$'),
  name text not null check (is_plain(name) and length(name) between 1 and 200),
  timezone text not null default 'America/Asuncion',
  currency text not null default 'PYG' check (currency ~ '^[A-Z]{3}$'),
  locale text not null default 'es-PY' check (
    -- language, script and region, which every BCP 47 reader takes
    locale ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'
  ),
  change_notice_minutes integer not null default 0 check (change_notice_minutes between 0 and 43200)
);

create table profiles (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  role text not null default 'owner' check (role in ('owner', 'receptionist', 'vet', 'admin')),
  full_name text not null check (is_plain(full_name) and length(full_name) between 1 and 200),
  email text check (is_plain(email) and length(email) between 3 and 320),
  phone text check (is_plain(phone) and length(phone) between 3 and 40),
  created_at timestamptz not null default now() check (created_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  deleted_at timestamptz check (deleted_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id)
);

-- A person's clinics are found by the person's id.
create index profiles_id_idx on profiles (id);

-- A clinic's staff are few among its clients.
create index profiles_staff_idx on profiles (tenant_id, full_name) where role <> 'owner';

create table pets (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  owner_id uuid not null,
  name text not null check (is_plain(name) and length(name) between 1 and 100),
  species text not null default 'other' check (is_plain(species) and length(species) between 1 and 50),
  created_at timestamptz not null default now() check (created_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  deleted_at timestamptz check (deleted_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references profiles (tenant_id, id)
);

create index pets_owner_idx on pets (tenant_id, owner_id);

create table services (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (is_plain(name) and length(name) between 1 and 200),
  duration_minutes integer not null default 30 check (duration_minutes between 5 and 480),
  buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 240),
  price numeric(12, 2) not null default 0 check (price between 0 and 9999999999.99),
  is_active boolean not null default true,
  deleted_at timestamptz check (deleted_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id)
);

create table appointments (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  pet_id uuid not null,
  service_id uuid not null,
  vet_id uuid not null,
  -- the other two are bounded by it, below
  start_time timestamptz not null check (start_time between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  end_time timestamptz not null,
  -- end_time plus the service's buffer at the time of booking: the vet is not free before
  busy_until timestamptz not null,
  status text not null default 'scheduled' check (
    status in ('scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show')
  ),
  reason text check (length(reason) <= 2000),
  notes text check (length(notes) <= 10000),
  created_by uuid,
  idempotency_key text check (length(idempotency_key) between 1 and 200),
  request_hash text check (length(request_hash) <= 128),
  version integer not null default 1,
  created_at timestamptz not null default now() check (created_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  updated_at timestamptz not null default now() check (updated_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  cancelled_at timestamptz check (cancelled_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  cancellation_reason text check (length(cancellation_reason) <= 2000),
  primary key (tenant_id, id),
  foreign key (tenant_id, pet_id) references pets (tenant_id, id),
  foreign key (tenant_id, service_id) references services (tenant_id, id),
  foreign key (tenant_id, vet_id) references profiles (tenant_id, id),
  foreign key (tenant_id, created_by) references profiles (tenant_id, id),
  unique (tenant_id, created_by, idempotency_key),
  check (end_time > start_time),
  check (busy_until >= end_time),
  -- Limits every appointment, and so the part of the index that a conflict check reads.
  check (busy_until <= start_time + interval '24 hours')
);

create index appointments_pet_idx on appointments (tenant_id, pet_id, start_time);

-- For callers who do not name the clinic. Not unique: a unique key without the tenant cannot be distributed by it.
create index appointments_id_idx on appointments (id);

create table vet_hours (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  vet_id uuid not null,
  weekday integer not null check (weekday between 1 and 7),
  opens time not null,
  closes time not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, vet_id) references profiles (tenant_id, id),
  check (closes > opens)
);

create index vet_hours_vet_idx on vet_hours (tenant_id, vet_id, weekday);

create table vet_time_off (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  vet_id uuid not null,
  start_time timestamptz not null check (start_time between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  end_time timestamptz not null check (end_time between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  reason text check (length(reason) <= 500),
  primary key (tenant_id, id),
  foreign key (tenant_id, vet_id) references profiles (tenant_id, id),
  check (end_time > start_time)
);

create index vet_time_off_vet_idx on vet_time_off (tenant_id, vet_id, end_time);
create index vet_time_off_end_idx on vet_time_off (tenant_id, end_time);

create table store_products (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (is_plain(name) and length(name) between 1 and 200),
  description text check (length(description) <= 5000),
  price numeric(12, 2) not null default 0 check (price between 0 and 9999999999.99),
  stock integer not null default 0 check (stock >= 0),
  is_active boolean not null default true,
  deleted_at timestamptz check (deleted_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id)
);

create table carts (
  tenant_id text not null references tenants (id),
  customer_id uuid not null,
  updated_at timestamptz not null default now() check (updated_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references profiles (tenant_id, id)
);

create table cart_items (
  tenant_id text not null,
  customer_id uuid not null,
  item_type text not null check (item_type in ('product', 'service')),
  -- a product or a service, by item_type, so there is no foreign key; the functions look it up in the same clinic
  item_id uuid not null,
  quantity integer not null check (quantity between 1 and 99),
  added_at timestamptz not null default now() check (added_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, customer_id, item_type, item_id),
  foreign key (tenant_id, customer_id) references carts (tenant_id, customer_id) on delete cascade
);

create table appointment_events (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  appointment_id uuid not null,
  event text not null check (event in ('booked', 'rescheduled', 'status_changed')),
  -- a user's id; no foreign key, so that the history outlives profiles
  actor_id uuid,
  details jsonb not null default '{}',
  at timestamptz not null default now() check (at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id),
  foreign key (tenant_id, appointment_id) references appointments (tenant_id, id) on delete cascade
);

create index appointment_events_appointment_idx on appointment_events (tenant_id, appointment_id, at);

-- A platform's default privileges may have granted each of these to everybody. So every migration first takes all rights
-- on what it makes from all four by name, and then grants. The history of migrations exists already, if a program runs
-- this file, and is its owner's alone.
revoke all on
  tenants, profiles, pets, services, appointments, vet_hours, vet_time_off, store_products, carts, cart_items,
  appointment_events
from public, anon, authenticated, service_role;

do $$
begin
  if to_regclass('public._prisma_migrations') is not null then
    revoke all on public._prisma_migrations from public, anon, authenticated, service_role;
  end if;
end
$$;

-- The backend role may use the tables as it did before there were functions. 097 gives anon and authenticated their
-- rights, with row-level security.
grant usage on schema public to anon, authenticated, service_role;

grant select, insert, update, delete on
  tenants, profiles, pets, services, appointments, vet_hours, vet_time_off, store_products, carts, cart_items,
  appointment_events
to service_role;

-- prisma/sql/availability/check_tenant_timezone.sql
-- A check constraint cannot read another relation, so a trigger looks the zone up in the server's list.
create or replace function check_tenant_timezone() returns trigger
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  -- The server also lists names that no browser knows, such as posixrules and posix/…: those of its own files.
  if new.timezone !~ '^(UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/.+)$'
    or not exists (select from pg_timezone_names where name = new.timezone)
  then
    raise exception 'Unknown time zone "%".', new.timezone
      using errcode = '22023', hint = 'Use an IANA name such as America/Asuncion.';
  end if;
  return new;
end
$$;

create or replace trigger tenants_timezone before insert or update of timezone on tenants
  for each row execute function check_tenant_timezone();

comment on function check_tenant_timezone() is
  'Migration 000. Trigger: refuses a time zone that the server does not know.';
revoke execute on function check_tenant_timezone() from public, anon, authenticated, service_role;

-- prisma/sql/booking/set_appointment_busy_until.sql
-- Writers that do not know about buffers (old code, psql) set start and end alone: then the vet is busy until the end,
-- and a change of the end keeps the buffer's length.
create or replace function set_appointment_busy_until() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.busy_until := coalesce(new.busy_until, new.end_time);
  elsif new.busy_until is not distinct from old.busy_until then
    -- in seconds: an interval that holds a day has another length across a change of the clocks
    new.busy_until := new.end_time + make_interval(secs => extract(epoch from old.busy_until - old.end_time)::float8);
  end if;
  return new;
end
$$;

create or replace trigger appointments_busy_until before insert or update of end_time on appointments
  for each row execute function set_appointment_busy_until();

comment on function set_appointment_busy_until() is
  'Migration 000. Trigger: busy_until follows end_time for writers that do not set it.';
revoke execute on function set_appointment_busy_until() from public, anon, authenticated, service_role;
-- prisma/sql ends

commit;
