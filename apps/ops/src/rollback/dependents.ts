import { expectedCatalogue } from '../catalogue/expected.ts'
import { takeApart } from '../catalogue/sql-text.ts'
import type { Migration } from '../migrations.ts'

/**
 * The later migrations that use what this one made: they name one of its functions, tables, columns, triggers and so on,
 * or replaced it. PostgreSQL itself can't tell, since the body of a function is no dependency to it.
 *
 * @param applied those that are applied, in their order
 */
export function dependentsOf(migration: Migration, applied: readonly Migration[]): Migration[] {
  const made = madeBy(migration)
  const stamps = made.includes('refuse_downgrade')
  return applied.filter((later) => {
    if (later.number <= migration.number) return false
    const text = statements(later)
    return (
      made.some((name) => new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(text)) ||
      // refuse_downgrade keeps watch over every function that bears a stamp, so it goes last
      (stamps && /^comment on function [^;]*?\bis\s+'Migration \d+\./m.test(later.sql))
    )
  })
}

/** Everything that has to go with these migrations, newest first. */
export function withDependents(wanted: readonly Migration[], applied: readonly Migration[]): Migration[] {
  const going = new Set(wanted)
  for (const migration of going)
    for (const dependent of dependentsOf(migration, applied)) going.add(dependent)
  return [...going].sort((a, b) => (a.number < b.number ? 1 : -1))
}

function madeBy(migration: Migration): string[] {
  const { functions, tables, views, policies, triggers, constraints } = expectedCatalogue([migration])
  const columns = takeApart(migration.sql).statements.flatMap((statement) =>
    /^alter table /.test(statement)
      ? [...statement.matchAll(/\badd column (?:if not exists )?(\w+)/g)].map(([, name = '']) => name)
      : [],
  )
  const named = [...policies.keys(), ...triggers, ...constraints].map((key) => key.replace(/ on .*$/, ''))
  return [...functions.keys(), ...tables, ...columns, ...views, ...named]
}

function statements({ sql }: Migration): string {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .replace(/^select refuse_downgrade\([\s\S]*?;$/gm, '')
    .replaceAll('"', '')
}
