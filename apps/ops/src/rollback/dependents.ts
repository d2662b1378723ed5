import { expectedCatalogue } from '../catalogue/expected.ts'
import type { Migration } from '../migrations.ts'

/**
 * The later migrations that use what this one made: they name one of its functions, or replaced it. PostgreSQL itself
 * can't tell, since the body of a function is no dependency to it.
 *
 * @param applied those that are applied, in their order
 */
export function dependentsOf(migration: Migration, applied: readonly Migration[]): Migration[] {
  const made = [...expectedCatalogue([migration]).functions.keys()]
  const stamps = made.includes('refuse_downgrade')
  return applied.filter(
    (later) =>
      later.number > migration.number &&
      (made.some((name) => new RegExp(`\\b${name}\\b`).test(statements(later))) ||
        // refuse_downgrade keeps watch over every function that bears a stamp, so it goes last
        (stamps && /\bis\s+'Migration \d+\./.test(later.sql))),
  )
}

/** Everything that has to go with these migrations, newest first. */
export function withDependents(wanted: readonly Migration[], applied: readonly Migration[]): Migration[] {
  const going = new Set(wanted)
  for (const migration of going)
    for (const dependent of dependentsOf(migration, applied)) going.add(dependent)
  return [...going].sort((a, b) => (a.number < b.number ? 1 : -1))
}

function statements({ sql }: Migration): string {
  return sql.replace(/^\s*--.*$/gm, '').replace(/^select refuse_downgrade\([\s\S]*?;$/gm, '')
}
