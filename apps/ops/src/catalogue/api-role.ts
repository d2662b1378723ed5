import { type Expected, readManifest } from '@vetcita/catalogue/manifest'
import type pg from 'pg'
import type { Check } from '../output.ts'
import { verdict } from './judge.ts'

/** The API's login role. */
export const apiRole = 'vetcita_api'

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
): Promise<{ name: string; signature: string }[] | null> {
  const { rows: letIn } = await client.query(
    `select from pg_namespace n, aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and r.rolname = $1`,
    [apiRole],
  )
  if (letIn.length === 0) return null
  const { rows } = await client.query<{ name: string; signature: string }>(
    `select w.name, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as signature
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     join unnest($1::text[]) w (name) on w.name = case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname
     where not has_function_privilege($2, p.oid, 'execute')
     order by 1`,
    [Object.keys(catalogue.functions).filter(isForApi), apiRole],
  )
  return rows
}

/** Checks the API's rights; returns no check if its role has no rights in this database at all. */
export async function checkApiRole(client: pg.ClientBase, expected: Expected): Promise<Check[]> {
  const missing = await missingApiGrants(client, expected)
  if (missing === null) return []
  return [
    verdict(
      "The API's role may execute what it calls",
      missing.map(({ name }) => `${apiRole} may not execute ${name}: run prisma/api-role.sql again`),
    ),
  ]
}
