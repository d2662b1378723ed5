-- 098: the tables of the API's session library, in a schema that PostgREST does not expose.
--
-- "user".id is the id of that person's profiles. There is no foreign key between them, because a walk-in client's
-- profile has no account, and because a clinic keeps its history when an account is deleted. Nothing is granted here:
-- prisma/api-role.sql makes the API's role and gives it its rights.

begin;
set local search_path = public, pg_temp;

create schema if not exists login;

revoke all on schema login from public, anon, authenticated, service_role;

create table login."user" (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 200),
  -- one account per address, however it was typed
  email text not null unique check (email = lower(email) and char_length(email) <= 320),
  email_verified boolean not null default false,
  -- The library has this column. Nothing here shows a picture, so that nobody may store anything in it.
  image text check (image is null),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table login.session (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references login."user" (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text check (char_length(user_agent) <= 400),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index session_user_id_idx on login.session (user_id);

create table login.account (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references login."user" (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  -- a salted hash; only for the provider "credential"
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);

create index account_user_id_idx on login.account (user_id);

create table login.verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index verification_identifier_idx on login.verification (identifier);

-- Counted in the database, so that two API processes share one limit and a restart resets nothing.
create table login.rate_limit (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  count integer not null,
  -- milliseconds since 1970, as the library counts
  last_request bigint not null
);

revoke all on all tables in schema login from public, anon, authenticated, service_role;

comment on table login."user" is 'Migration 098. The accounts of people who sign in.';

commit;
