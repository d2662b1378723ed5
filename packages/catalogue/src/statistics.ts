import type pg from 'pg'
import { productSchemas } from './catalogue.ts'

const tables = `
  select format('%I.%I', n.nspname, c.relname) as name, c.oid, c.reltuples, c.relname, n.nspname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')`

/**
 * Returns the tables that hold rows and of which the planner knows nothing: nobody has analyzed them since they were made,
 * or since they were empty. (The server forgets after a crash when it last analyzed a table; what it found out it keeps.)
 */
export async function tablesNeverAnalyzed(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select t.name from (${tables}) t left join pg_stat_user_tables s on s.relid = t.oid
     where pg_relation_size(t.oid) > 0 and not row_security_active(t.oid)
       and s.last_analyze is null and s.last_autoanalyze is null
       and (t.reltuples < 0 or t.reltuples > 0
         and not exists (select from pg_stats p where p.schemaname = t.nspname and p.tablename = t.relname))
     order by 1`,
    [productSchemas],
  )
  return rows.map(({ name }) => name)
}

/** Analyzes all tables of the product that this user owns, so that nobody waits for the server to come by. */
export async function analyzeTables(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`select name from (${tables}) t order by 1`, [
    productSchemas,
  ])
  if (rows.length === 0) return
  await client.query(`analyze (skip_locked) ${rows.map(({ name }) => name).join(', ')}`)
}
