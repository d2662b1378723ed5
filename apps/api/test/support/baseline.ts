import type pg from 'pg'
import { z } from 'zod'

/** A copy of every row, to compare with and to restore. */
export type Baseline = {
  /** Restores every table. */
  restore(): Promise<void>
  /** Returns the tables whose rows have changed; if a text is given, only rows that contain it count. */
  changed(about?: string): Promise<string[]>
}

const tablesOf = z.array(z.object({ name: z.string(), copy: z.string(), columns: z.string() }))

/**
 * Copies every table of the schemas `public` and `login`, including those of later migrations.
 *
 * @param admin a superuser's connection, since triggers and foreign keys are disabled while rows are restored
 */
export async function takeBaseline(admin: pg.Client): Promise<Baseline> {
  const { rows } = await admin.query(`
    select format('%I.%I', n.nspname, c.relname) as name,
      format('baseline.%I', n.nspname || '.' || c.relname) as copy,
      (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'login') and c.relkind = 'r'
      and c.relname not in ('_prisma_migrations', 'rate_limit')
    order by 1`)
  const tables = tablesOf.parse(rows)
  await admin.query('create schema baseline')
  await admin.query(
    tables
      .map(({ name, copy, columns }) => `create table ${copy} as select ${columns} from ${name}`)
      .join(';'),
  )
  const restoreText = tables
    .map(({ name, copy, columns }) => {
      const back = `insert into ${name} (${columns}) overriding system value select ${columns} from ${copy}`
      return `delete from ${name}; ${back}`
    })
    .join(';')
  const rowsOf = (columns: string, table: string) =>
    `(select coalesce(array_agg(r order by r), '{}') from (select row(${columns})::text as r from ${table}) every
      where strpos(r, $1) > 0)`
  const changedText = tables
    .map(
      ({ name, copy, columns }) =>
        `select '${name}' as name where ${rowsOf(columns, name)} <> ${rowsOf(columns, copy)}`,
    )
    .join(' union all ')
  return {
    restore: async () => {
      await admin.query(`begin; set local session_replication_role = replica; ${restoreText}; commit`)
    },
    changed: async (about = '') => {
      const { rows } = await admin.query<{ name: string }>(changedText, [about])
      return rows.map(({ name }) => name)
    },
  }
}
