-- 106: the tables and columns of the calendar's rules: how early and how far ahead owners book, how many appointments
-- they may have open, who does which service, closed days, what an appointment cost when it was booked, squeeze-ins, and
-- holds, which keep a time until they expire.
--
-- Only tables, columns and their checks; what uses them is in 107. Taking this one back loses what they hold, so a
-- rollback leaves it.

begin;
set local search_path = public, pg_temp;

alter table tenants
  -- how long before the start owners may still book, and how many days ahead
  add column book_lead_minutes integer not null default 0 check (book_lead_minutes between 0 and 43200),
  add column book_horizon_days integer not null default 365 check (book_horizon_days between 1 and 3660),
  -- how many appointments an owner may have open; null is no limit
  add column max_open_appointments integer default 10 check (max_open_appointments between 1 and 1000),
  -- whether an owner whose address is not confirmed may have one
  add column limit_unconfirmed boolean not null default false,
  -- how long after booking an owner may cancel, even inside the notice
  add column grace_minutes integer not null default 10 check (grace_minutes between 0 and 1440);

alter table services
  -- online: owners book it; request: it is held until the clinic answers; desk: only staff book it
  add column booking text not null default 'online' check (booking in ('online', 'request', 'desk')),
  add column category text check (is_plain(category) and length(category) between 1 and 100),
  add column position integer not null default 0 check (position between 0 and 100000),
  -- what the owner has to do before: fasting, bringing papers
  add column preparation text check (length(preparation) between 1 and 2000),
  -- the species that it is for; null is all of them
  add column species text[] check (
    is_plain(array_to_string(species, ' ')) and cardinality(species) between 1 and 20
    and array_position(species, null) is null and length(array_to_string(species, ' ')) <= 1000
  );

-- Assistants (a groomer, a nurse) have a calendar, but are no vets.
alter table profiles drop constraint profiles_role_check;
alter table profiles add constraint profiles_role_check
  check (role in ('owner', 'receptionist', 'assistant', 'vet', 'admin'));
alter table links drop constraint links_role_check;
alter table links add constraint links_role_check check (role in ('receptionist', 'assistant', 'vet', 'admin'));

alter table appointments
  -- as they were when it was booked; null on rows of writers that do not know them, from before 107
  add column price numeric(12, 2) check (price between 0 and 9999999999.99),
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column service_name text check (is_plain(service_name) and length(service_name) between 1 and 200),
  -- on purpose on top of another appointment
  add column squeeze_in boolean not null default false,
  -- the other rules that staff overrode for its present place
  add column overrides text[] check (overrides <@ array['pet_busy', 'closed', 'services']),
  -- of a held one: until when it keeps its time
  add column hold_expires_at timestamptz check (hold_expires_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  drop constraint appointments_status_check,
  add constraint appointments_status_check check (
    status in ('held', 'scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show')
  ),
  add constraint appointments_hold_check check (status <> 'held' or hold_expires_at is not null);

-- What is known now is all that is left of what the existing ones cost.
update appointments a
set price = s.price, currency = t.currency, service_name = s.name
from services s, tenants t
where s.tenant_id = a.tenant_id and s.id = a.service_id and t.id = a.tenant_id;

-- Squeeze-ins and holds are few, and each check of a time looks for them.
create index appointments_squeeze_in_idx on appointments (tenant_id, vet_id, start_time)
  where squeeze_in and status not in ('cancelled', 'no_show');
create index appointments_held_idx on appointments (tenant_id, vet_id, start_time) where status = 'held';

-- Who does which service. A service without rows is done by everybody who has a calendar.
create table vet_services (
  tenant_id text not null references tenants (id),
  vet_id uuid not null,
  service_id uuid not null,
  primary key (tenant_id, service_id, vet_id),
  foreign key (tenant_id, vet_id) references profiles (tenant_id, id),
  foreign key (tenant_id, service_id) references services (tenant_id, id)
);

create index vet_services_vet_idx on vet_services (tenant_id, vet_id);

comment on table vet_services is 'Migration 106. Who does which service.';

-- When the whole clinic is closed: holidays, a move.
create table clinic_closures (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  start_time timestamptz not null check (start_time between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  end_time timestamptz not null check (end_time between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  name text not null check (is_plain(name) and length(name) between 1 and 200),
  primary key (tenant_id, id),
  check (end_time > start_time)
);

create index clinic_closures_end_idx on clinic_closures (tenant_id, end_time);

-- An appointment that is corrected: pet, service, length, reason.
alter table appointment_events
  drop constraint appointment_events_event_check,
  add constraint appointment_events_event_check check (
    event in ('booked', 'rescheduled', 'status_changed', 'edited')
  );

revoke all on vet_services, clinic_closures from public, anon, authenticated, service_role;

commit;
