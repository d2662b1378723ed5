import { readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { repositoryRoot } from '../migrations.ts'
import type { Check } from '../output.ts'
import type { Expected } from './expected.ts'
import { verdict } from './functions.ts'
import { plainNames } from './sql-text.ts'

/** The role that the API logs in as. */
export const apiRole = 'vetcita_api'

/** The functions that prisma/api-role.sql lets the API's role execute. */
export function apiFunctions(): string[] {
  const sql = readFileSync(path.join(repositoryRoot, 'prisma/api-role.sql'), 'utf8')
  return [...sql.matchAll(/^grant execute on function([^;]*?)\bto vetcita_api;$/gm)].flatMap(
    ([, list = '']) => plainNames(list.replace(/\s+/g, ' ')),
  )
}

/**
 * What of {@link apiFunctions} the API's role may not execute here: a function that was dropped took its grants with it,
 * and a new one has none yet. Nothing where the role was never let into this database.
 */
export async function missingApiGrants(
  client: pg.ClientBase,
  expected: Expected,
): Promise<{ name: string; signature: string }[] | null> {
  const { rows: here } = await client.query(
    `select from pg_namespace n, aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and r.rolname = $1`,
    [apiRole],
  )
  if (here.length === 0) return null
  const { rows } = await client.query<{ name: string; signature: string }>(
    `select w.name, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as signature
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     join unnest($1::text[]) w (name) on w.name = case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname
     where not has_function_privilege($2, p.oid, 'execute')
     order by 1`,
    [apiFunctions().filter((name) => expected.functions.has(name)), apiRole],
  )
  return rows
}

/** Judges the API's rights, where its role was let in; no check where it was not. */
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
