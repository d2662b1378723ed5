import type pg from 'pg'
import { plainNames, takeApart } from '../catalogue/sql-text.ts'
import type { Migration } from '../migrations.ts'

/** Rows that a `down.sql` would take with it: what it is about to drop, and how to find a row there. */
type Loss = { what: string; table: string; condition: string }

/** What a migration's `down.sql` would lose, read from its text: tables, columns, deleted rows. */
function lossesOf({ down = '' }: Migration): Loss[] {
  return takeApart(down).statements.flatMap((statement) => {
    const tables = /^drop table (?:if exists )?(.*?)(?: cascade| restrict)?$/.exec(statement)?.[1]
    if (tables !== undefined)
      return plainNames(tables).map((table) => ({ what: `table ${table}`, table, condition: 'true' }))
    const written = /^(?:truncate(?: table)?|delete from) ([\w."]+)/.exec(statement)?.[1]
    if (written !== undefined)
      return plainNames(written).map((table) => ({ what: `rows of ${table}`, table, condition: 'true' }))
    const [, altered, changes = ''] =
      /^alter table (?:if exists )?(?:only )?([\w."]+) (.*)$/.exec(statement) ?? []
    if (altered === undefined) return []
    return [...changes.matchAll(/\bdrop column (?:if exists )?(\w+)/g)].flatMap(([, column = '']) =>
      plainNames(altered).map((table) => ({
        what: `column ${column} of ${table}`,
        table,
        condition: `to_jsonb(t)->>'${column}' is not null`,
      })),
    )
  })
}

/**
 * What taking a migration back would lose on this database, one sentence each. A table that is empty loses nothing.
 */
export async function dataLoss(client: pg.ClientBase, migration: Migration): Promise<string[]> {
  const found: string[] = []
  for (const { what, table, condition } of lossesOf(migration)) {
    const name = quoted(table)
    const { rows: there } = await client.query('select where to_regclass($1) is not null', [name])
    if (there.length === 0) continue
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from ${name} t where ${condition}`,
    )
    const count = rows[0]?.count ?? 0
    if (count > 0) found.push(`${what} (${count} ${count === 1 ? 'row' : 'rows'})`)
  }
  return found
}

/**
 * Statements for the head of the `down.sql`'s own transaction: they lock what it will drop, and stop it where somebody
 * wrote a row since {@link dataLoss} looked.
 */
export function lossGuard(migration: Migration): string {
  return lossesOf(migration)
    .map(({ what, table, condition }) => {
      const name = quoted(table)
      return `do $vetcita$ begin if to_regclass('${name}') is not null then lock table ${name} in access exclusive mode; if exists (select from ${name} t where ${condition}) then raise exception '${what} has rows by now, so it stays.'; end if; end if; end $vetcita$;`
    })
    .join(' ')
}

function quoted(table: string): string {
  return (table.includes('.') ? table : `public.${table}`)
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')
}
