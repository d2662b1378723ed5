import type { Expected } from '@vetcita/catalogue/manifest'
import type pg from 'pg'
import type { Check } from '../output.ts'
import { verdict } from './judge.ts'

/** Checks that the functions belong to the tables' owner, because security definer functions run with its rights. */
export async function checkOwners(client: pg.ClientBase, { catalogue }: Expected): Promise<Check> {
  const { rows } = await client.query<{ name: string; owner: string; tables: string }>(
    `select f.name, p.proowner::regrole::text as owner, t.relowner::regrole::text as tables
     from (
       select oid, proowner, case pronamespace when 'public'::regnamespace then '' else pronamespace::regnamespace || '.' end
         || proname as name
       from pg_proc
     ) p
     join unnest($1::text[]) f (name) on f.name = p.name
     join pg_class t on t.oid = to_regclass('public.appointments') and t.relowner <> p.proowner
     order by 1`,
    [Object.keys(catalogue.functions)],
  )
  return verdict(
    "Functions belong to the tables' owner",
    rows.map(({ name, owner, tables }) => `${name} belongs to ${owner}, but the tables to ${tables}`),
  )
}
