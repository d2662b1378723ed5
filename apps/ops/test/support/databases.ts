import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { databaseUrl, ownerRole } from '@vetcita/postgres'
import { adminUrl, ensureOwner, ownerPassword } from '@vetcita/testing'
import { asSuperuser } from './as-superuser.ts'

/** The servers on which each test of a deploy runs. */
export const servers = [
  { name: 'embedded PostgreSQL', url: () => adminUrl(), platform: false },
  { name: "Debian's PostgreSQL, as Supabase sets it up", url: debianServer, platform: true },
] as const

/** Whether the system has no PostgreSQL to test on. */
export const withoutDebian = process.env.OPS_DEBIAN_SERVER === undefined

function debianServer(): string {
  const url = process.env.OPS_DEBIAN_SERVER
  if (url === undefined) throw new Error('PostgreSQL 15 to 17 is not installed in /usr/lib/postgresql.')
  return url
}

export type EmptyDatabase = {
  name: string
  /** as its owner, who is not a superuser */
  ownerUrl: string
  /** as the superuser */
  adminUrl: string
  drop(): Promise<void>
}

/**
 * Makes an empty database that belongs to `vetcita_owner`, who is not a superuser.
 *
 * @param platform make it like a new Supabase database: with its roles, a schema `auth` with users, and default privileges
 *   that grant every new table and function to the API's roles
 */
export async function emptyDatabase(server: string, platform: boolean): Promise<EmptyDatabase> {
  await ensureOwner(server)
  const name = `ops_${randomBytes(6).toString('hex')}`
  await asSuperuser(server, `create database ${name} owner ${ownerRole} template template0`)
  const here = databaseUrl(server, name)
  if (platform) await asSuperuser(here, platformSetup)
  return {
    name,
    ownerUrl: databaseUrl(server, name, ownerRole, ownerPassword),
    adminUrl: here,
    drop: () => asSuperuser(server, `drop database if exists ${name} with (force)`),
  }
}

const platformSetup = `
  select pg_advisory_lock(hashtext('platform roles'));
  do $$
  begin
    if not exists (select from pg_roles where rolname = 'authenticator') then
      create role authenticator login noinherit password 'authenticator';
    end if;
    if not exists (select from pg_roles where rolname = 'anon') then
      create role anon nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'authenticated') then
      create role authenticated nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'service_role') then
      create role service_role nologin noinherit bypassrls;
    end if;
    grant anon, authenticated, service_role to authenticator;
    grant anon, authenticated, service_role to ${ownerRole} with admin option;
  end
  $$;
  select pg_advisory_unlock(hashtext('platform roles'));
  create schema extensions;
  grant usage on schema extensions to public;
  create schema auth;
  create table auth.users (id uuid primary key, email text);
  create function auth.uid() returns uuid language sql stable
    as $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
  grant usage on schema auth to anon, authenticated, service_role;
  grant usage, create on schema public to ${ownerRole};
  grant usage on schema public to anon, authenticated, service_role;
  alter default privileges for role ${ownerRole} in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges for role ${ownerRole} in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges for role ${ownerRole} in schema public grant all on sequences to anon, authenticated, service_role;
`
