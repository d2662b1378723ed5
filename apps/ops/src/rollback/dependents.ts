import { readManifest } from '@vetcita/catalogue/manifest'
import type { Migration } from '../migrations.ts'

/**
 * Returns the given migrations and all later ones that depend on them by the manifest, newest first.
 *
 * @param applied the applied migrations, in order
 */
export function withDependents(wanted: readonly Migration[], applied: readonly Migration[]): Migration[] {
  const { levels } = readManifest()
  const going = new Set(wanted)
  // iterating over a set also visits members that are added meanwhile
  for (const { number } of going) {
    const users = levels.filter(({ needs }) => needs.includes(number)).map(({ migration }) => migration)
    for (const migration of applied) if (users.includes(migration.name)) going.add(migration)
  }
  return [...going].sort((a, b) => (a.number < b.number ? 1 : -1))
}
