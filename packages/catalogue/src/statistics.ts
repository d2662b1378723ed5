import type pg from 'pg'
import { productSchemas } from './catalogue.ts'

const tables = `
  select format('%I.%I', n.nspname, c.relname) as name, c.oid, c.reltuples, c.relname, n.nspname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')`

/**
 * Returns the tables with rows but without statistics, because they were never analyzed, or only while they were empty.
 * (After a crash the server no longer knows when it last analyzed a table, but it keeps the statistics.)
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

/** Analyzes all tables of the product that this user owns, instead of waiting for autovacuum. */
export async function analyzeTables(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`select name from (${tables}) t order by 1`, [
    productSchemas,
  ])
  if (rows.length === 0) return
  await client.query(`analyze (skip_locked) ${rows.map(({ name }) => name).join(', ')}`)
}
