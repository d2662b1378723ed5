import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Expected, readManifest } from '@vetcita/catalogue/manifest'
import { withoutPsqlCommands } from '@vetcita/connection/psql-script'
import type pg from 'pg'
import { repositoryRoot } from '../migrations.ts'
import type { Check } from '../output.ts'
import { verdict } from './judge.ts'

/** The role that the API logs in as, unless another database on the server has it. */
const firstLogin = 'vetcita_api'

/** The names that such a role may have. */
export const apiLoginPattern = /^vetcita_api(_\w+)?$/

/** Returns the script that creates and grants the API's login, without psql's own commands. */
export function apiRoleSql(): string {
  return withoutPsqlCommands(readFileSync(path.join(repositoryRoot, 'prisma/api-role.sql'), 'utf8'))
}

/** Returns the API's login that was let into this database, if any. */
export async function apiLogin(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select r.rolname::text as name from pg_namespace n, aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and r.rolname ~ $1 order by 1 limit 1`,
    [apiLoginPattern.source],
  )
  return rows[0]?.name ?? null
}

/**
 * Returns the login that the API has, or is to have, in this database. Roles belong to the cluster: where the usual one was
 * let into another database, this one gets its own, so that the password of one opens only one.
 */
export async function loginFor(client: pg.ClientBase): Promise<string> {
  const own = await apiLogin(client)
  if (own !== null) return own
  const { rows } = await client.query<{ name: string }>(
    `select current_database() as name
     where exists (select from pg_database d, aclexplode(d.datacl) a join pg_roles r on r.oid = a.grantee
       where d.datname <> current_database() and r.rolname = $1)`,
    [firstLogin],
  )
  const [database] = rows
  return database === undefined ? firstLogin : `${firstLogin}_${database.name.replace(/\W/g, '_')}`
}

/** Returns whether prisma/api-role.sql lets the API's role execute a function. */
export function isForApi(name: string): boolean {
  return readManifest().apiFunctions.includes(name)
}

/**
 * Returns the functions that the API's role should be able to execute and cannot: dropping a function removes its grants,
 * and a new one has none yet. Returns null if the role has no rights in this database at all.
 */
export async function missingApiGrants(
  client: pg.ClientBase,
  { catalogue }: Expected,
): Promise<{ login: string; functions: { name: string; signature: string }[] } | null> {
  const login = await apiLogin(client)
  if (login === null) return null
  const called = Object.entries(catalogue.functions).filter(([name]) => isForApi(name))
  const { rows } = await client.query<{ name: string; signature: string }>(
    `select w.name, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as signature
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     join unnest($1::text[], $2::text[]) w (name, types)
       on w.name = case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname
       and w.types = oidvectortypes(p.proargtypes)
     where not has_function_privilege($3, p.oid, 'execute')
     order by 1`,
    [called.map(([name]) => name), called.map(([, { types }]) => types), login],
  )
  return { login, functions: rows }
}

/** Checks the API's rights; returns no check if its role has no rights in this database at all. */
export async function checkApiRole(client: pg.ClientBase, expected: Expected): Promise<Check[]> {
  const missing = await missingApiGrants(client, expected)
  if (missing === null) return []
  return [
    verdict(
      "The API's role may execute what it calls",
      missing.functions.map(({ name }) => `${missing.login} may not execute ${name}: run pnpm ops api-role`),
    ),
  ]
}
