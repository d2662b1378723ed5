-- 101: the tables and columns of the back office: links for claims and invitations, who changed notes and when, a
-- product's category and its search text, a person's language.
--
-- Only tables and columns. What may be done with them is in the functions, rights and policies of 102 to 105, which can
-- be taken back without losing a row. Taking this one back loses what they hold, so a rollback leaves it.

begin;
set local search_path = public, pg_temp;

-- Single-use links: a claim turns a walk-in client's record into the account of the person who opens it, an invitation
-- makes that person staff. Only a hash of the token is stored, so that no one who reads the table, or a backup of it,
-- can use a link.
create table links (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('claim', 'invitation')),
  -- of a claim: the walk-in client's profile
  client_id uuid,
  -- of an invitation: the role that it gives
  role text check (role in ('receptionist', 'vet', 'admin')),
  -- of an invitation: a note of the admin's about who it is for
  label text check (is_plain(label) and length(label) between 1 and 200),
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid not null,
  created_at timestamptz not null default now() check (created_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  expires_at timestamptz not null check (expires_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  used_at timestamptz check (used_at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  used_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, client_id) references profiles (tenant_id, id),
  foreign key (tenant_id, created_by) references profiles (tenant_id, id),
  foreign key (tenant_id, used_by) references profiles (tenant_id, id),
  check ((used_at is null) = (used_by is null)),
  check ((kind = 'claim') = (client_id is not null)),
  check ((kind = 'invitation') = (role is not null)),
  check (kind = 'invitation' or label is null)
);
create index links_client_idx on links (tenant_id, client_id);

-- Links that were used stay, and are never listed again.
create index links_open_idx on links (tenant_id, kind) where used_at is null;

-- Who changed the notes of an appointment, and when; not what they said. Not in appointment_events, because pet owners
-- read those, each of them is a change of start, vet or status, and the notes are the staff's own.
create table appointment_note_changes (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  appointment_id uuid not null,
  -- a user's id; no foreign key, so that the history outlives profiles
  actor_id uuid,
  at timestamptz not null default now() check (at between '1900-01-01 00:00Z' and '3001-01-01 00:00Z'),
  primary key (tenant_id, id),
  foreign key (tenant_id, appointment_id) references appointments (tenant_id, id) on delete cascade
);

create index appointment_note_changes_appointment_idx on appointment_note_changes (tenant_id, appointment_id, at);

create index appointment_note_changes_at_idx on appointment_note_changes (at);

-- Until there are policies, only their owner reads them.
alter table links enable row level security;

alter table appointment_note_changes enable row level security;

revoke all on links, appointment_note_changes from public, anon, authenticated, service_role;

-- A shelf of the store, named by the clinic; null is on none.
alter table store_products add column category text
  constraint store_products_category_check check (is_plain(category) and length(category) between 1 and 60);

-- The form in which a product's texts are searched; a trigger of 104 keeps it.
alter table store_products add column search_text text;

alter table login."user" add column language text
  constraint user_language_check check (language in ('es', 'en'));

comment on table links is 'Migration 101. Single-use links: claims of walk-in clients, invitations to the staff.';

comment on table appointment_note_changes is 'Migration 101. Who changed an appointment''s notes, and when.';

commit;
