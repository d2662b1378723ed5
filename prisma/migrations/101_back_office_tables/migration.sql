-- 101: the tables and columns that the clinic's back office needs: links with which a walk-in client makes their record
-- their own, invitations of colleagues, the shelves that products stand on, the language in which a person is written to.
--
-- Tables and columns alone. Who may do what with them are functions, rights and policies of 102 to 105, which can be
-- taken back without losing a row; taking this one back loses what stands in them, so it stays where it is.

begin;
set local search_path = public, pg_temp;

-- Of a link only a hash is kept: who reads the table, or a backup of it, cannot use one.
create table client_claims (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  -- the walk-in client's profile
  client_id uuid not null,
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  -- whose the record is since then
  used_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, client_id) references profiles (tenant_id, id),
  foreign key (tenant_id, created_by) references profiles (tenant_id, id),
  foreign key (tenant_id, used_by) references profiles (tenant_id, id),
  check ((used_at is null) = (used_by is null))
);

create index client_claims_client_idx on client_claims (tenant_id, client_id);

create table staff_invites (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  role text not null check (role in ('receptionist', 'vet', 'admin')),
  -- for whom it is meant, in the words of who made it
  label text check (length(label) between 1 and 200),
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, created_by) references profiles (tenant_id, id),
  foreign key (tenant_id, used_by) references profiles (tenant_id, id),
  check ((used_at is null) = (used_by is null))
);

-- That somebody changed the notes of an appointment, and when; not from what to what, which stands in the notes. Beside
-- appointment_events and not among them: those are one for each change of start, vet or status, owners read them, and
-- these notes are the staff's own.
create table appointment_note_changes (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  appointment_id uuid not null,
  -- a user's id, kept as it was: no foreign key, so that history outlives profiles
  actor_id uuid,
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, appointment_id) references appointments (tenant_id, id) on delete cascade
);

create index appointment_note_changes_appointment_idx on appointment_note_changes (tenant_id, appointment_id, at);

create index appointment_note_changes_at_idx on appointment_note_changes (at);

-- Until a policy says otherwise, nobody but their owner reads them.
alter table client_claims enable row level security;

alter table staff_invites enable row level security;

alter table appointment_note_changes enable row level security;

revoke all on client_claims, staff_invites, appointment_note_changes from public, anon, authenticated;

-- A shelf of the store, in the clinic's own words; a product without one stands on none.
alter table store_products add column category text
  constraint store_products_category_check check (length(category) between 1 and 60);

alter table login."user" add column language text
  constraint user_language_check check (language in ('es', 'en'));

comment on table client_claims is 'Migration 101. Links with which walk-in clients make their record their own.';

comment on table staff_invites is 'Migration 101. Links that make someone one of the staff.';

comment on table appointment_note_changes is 'Migration 101. Who changed an appointment''s notes, and when.';

commit;
