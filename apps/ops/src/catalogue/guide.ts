import type pg from 'pg'
import { slotIndex } from '../deploy/concurrent-index.ts'
import type { Output } from '../output.ts'
import type { Cell } from '../table.ts'
import { guideFunctions } from './expected.ts'

type Query = {
  title: string
  sql: string
  values: readonly unknown[]
  widths: Readonly<Record<string, number>>
}

/** The migration guide's verification queries, with the names as parameters; long cells are cut as in the guide. */
const queries: readonly Query[] = [
  {
    title: 'Functions',
    sql: `select p.proname as function_name, pg_get_function_arguments(p.oid) as arguments,
        pg_get_function_result(p.oid) as return_type
      from pg_proc p join pg_namespace n on p.pronamespace = n.oid
      where n.nspname = 'public' and p.proname = any ($1)
      order by p.proname`,
    values: [guideFunctions],
    widths: { arguments: 36 },
  },
  {
    title: 'Permissions',
    sql: `select p.proname as function_name, pg_catalog.array_to_string(p.proacl, E'\\n') as permissions
      from pg_proc p where p.proname = any ($1) order by p.proname`,
    values: [guideFunctions],
    widths: {},
  },
  {
    title: 'Index',
    sql: 'select schemaname, tablename, indexname, indexdef from pg_indexes where indexname = $1',
    values: [slotIndex],
    widths: { indexdef: 15 },
  },
]

export type GuideTable = { title: string; rows: Record<string, unknown>[] }

/** Runs the guide's queries and prints their tables. */
export async function showGuideTables(client: pg.ClientBase, out: Output): Promise<GuideTable[]> {
  const tables: GuideTable[] = []
  for (const { title, sql, values, widths } of queries) {
    const { rows, fields } = await client.query<Record<string, unknown>>(sql, [...values])
    tables.push({ title, rows })
    const columns = fields.map(({ name }) => name)
    out.heading(title)
    out.table(
      columns,
      rows.map((row) => columns.map((column) => shortened(row[column], widths[column]))),
    )
    out.say()
  }
  return tables
}

function shortened(value: unknown, width: number | undefined): Cell {
  if (value === null) return null
  const text = String(value)
  return width === undefined || text.length <= width ? text : `${text.slice(0, width - 3).trimEnd()}...`
}
