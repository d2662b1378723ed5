import process from 'node:process'
import { apiRole } from '@vetcita/postgres'
import { adminUrl } from '@vetcita/testing'
import prepareTestServer from '@vetcita/testing/vitest-setup'
import { asSuperuser } from './as-superuser.ts'
import { debianBinaries, startDebianServer } from './debian-server.ts'

/** Vitest's `globalSetup`: starts the embedded server, and the system's older PostgreSQL if one is installed. */
export default async function setup(): Promise<() => Promise<void>> {
  const stopEmbedded = await prepareTestServer()
  const binaries = debianBinaries()
  const debian = binaries === undefined ? undefined : await startDebianServer(binaries)
  if (debian) process.env.OPS_DEBIAN_SERVER = debian.adminUrl
  // A migration grants to the API's role only if it exists, so it must exist for all databases or for none.
  for (const server of [adminUrl(), ...(debian ? [debian.adminUrl] : [])])
    await asSuperuser(server, makeApiRole)
  return async () => {
    await debian?.stop()
    await stopEmbedded()
  }
}

const makeApiRole = `
  begin;
  select pg_advisory_xact_lock(hashtext('${apiRole}'));
  do $$
  begin
    if not exists (select from pg_roles where rolname = '${apiRole}') then
      create role ${apiRole} login noinherit;
    end if;
  exception
    when duplicate_object or unique_violation then null; -- another package's tests made it at this moment
  end
  $$;
  commit;
`
