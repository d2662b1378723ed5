import { readManifest } from '@vetcita/catalogue/manifest'
import type { Migration } from '../migrations.ts'

/**
 * Returns everything that has to be rolled back with these migrations, newest first: the later ones that use what goes,
 * by the manifest.
 *
 * @param applied those that are applied, in their order
 */
export function withDependents(wanted: readonly Migration[], applied: readonly Migration[]): Migration[] {
  const { levels } = readManifest()
  const going = new Set(wanted)
  // A set that grows while it is iterated over yields its new members too.
  for (const { number } of going) {
    const users = levels.filter(({ needs }) => needs.includes(number)).map(({ migration }) => migration)
    for (const migration of applied) if (users.includes(migration.name)) going.add(migration)
  }
  return [...going].sort((a, b) => (a.number < b.number ? 1 : -1))
}
