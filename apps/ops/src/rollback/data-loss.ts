import { readManifest } from '@vetcita/catalogue/manifest'
import pg from 'pg'
import type { Migration } from '../migrations.ts'

/** A table or column that a `down.sql` drops, and the condition that finds its data. */
type Loss = { what: string; table: string; condition: string }

function lossesOf({ name }: Migration): Loss[] {
  const level = readManifest().levels.find(({ migration }) => migration === name)
  const { relations = [], columns = [] } = level?.drops ?? {}
  return [
    ...relations.map((table) => ({ what: `table ${table}`, table, condition: 'true' })),
    ...columns.map((path) => {
      const dot = path.lastIndexOf('.')
      const [table, column] = [path.slice(0, dot), path.slice(dot + 1)]
      return {
        what: `column ${column} of ${table}`,
        table,
        condition: `t.${pg.escapeIdentifier(column)} is not null`,
      }
    }),
  ]
}

/** Returns what rolling a migration back would lose on this database, one phrase each. Empty tables do not count. */
export async function dataLoss(client: pg.ClientBase, migration: Migration): Promise<string[]> {
  const found: string[] = []
  for (const { what, table, condition } of lossesOf(migration)) {
    const name = quoted(table)
    const { rows: present } = await client.query('select where to_regclass($1) is not null', [name])
    if (present.length === 0) continue
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from ${name} t where ${condition}`,
    )
    const count = rows[0]?.count ?? 0
    if (count > 0) found.push(`${what} (${count} ${count === 1 ? 'row' : 'rows'})`)
  }
  return found
}

/**
 * Returns statements for the start of the `down.sql`'s transaction: they lock what it will drop, and abort it if a row
 * was written since {@link dataLoss} checked.
 */
export function lossGuard(migration: Migration): string {
  return lossesOf(migration)
    .map(({ what, table, condition }) => {
      const name = quoted(table)
      return `do $vetcita$ begin if to_regclass('${name}') is not null then lock table ${name} in access exclusive mode; if exists (select from ${name} t where ${condition}) then raise exception '${what} has rows by now, so it is not dropped.'; end if; end if; end $vetcita$;`
    })
    .join(' ')
}

function quoted(table: string): string {
  const [schema = '', name = ''] = table.includes('.') ? table.split('.') : ['public', table]
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
}
