import type { Catalogue } from '@vetcita/catalogue/catalogue'
import type { Difference } from '@vetcita/catalogue/compare'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { relevantDifferences } from '../catalogue/judge.ts'
import type { Migration } from '../migrations.ts'

/** Returns whether any of the first migration's tables exists, whatever created it. */
export function hasClinicTables(found: Catalogue, first: Migration): boolean {
  return Object.keys(expectedCatalogue([first]).catalogue.relations).some(
    (name) => found.relations[name] !== undefined,
  )
}

/**
 * Returns what each of a clinic's tables lacks compared with the contract, one sentence each: columns, types, defaults,
 * keys, checks and triggers, as the migrations make them. A missing table is one sentence; more columns, stricter
 * ones and other names are welcome.
 *
 * @param made the migrations that made the tables, or are said to have
 */
export function tableGaps(found: Catalogue, made: readonly Migration[]): string[] {
  const expected = expectedCatalogue(made)
  const gaps = relevantDifferences(expected, found).filter(isGap)
  const missingTables = gaps.filter(({ kind }) => kind === 'relations').map(({ name }) => name)
  // report a missing table without its contents, and a wrong column without the constraints that use it
  const wrongColumns = gaps.filter(({ kind, what }) => kind === 'columns' && /^(missing|type)$/.test(what))
  const isReported = ({ kind, name }: Difference) =>
    missingTables.some((table) => name.startsWith(`${table}.`) || name.endsWith(` on ${table}`)) ||
    (kind === 'constraints' &&
      wrongColumns.some(({ name: path }) => {
        const [table = '', column = ''] = path.split('.')
        const definition = expected.catalogue.constraints[name]?.definition ?? ''
        return name.endsWith(` on ${table}`) && new RegExp(`\\b${column}\\b`).test(definition)
      }))
  return gaps.filter((gap) => !isReported(gap)).map(({ sentence }) => sentence)
}

function isGap({ kind, what }: Difference): boolean {
  if (kind === 'relations') return what === 'missing'
  return /^(columns|constraints|triggers)$/.test(kind) && what !== 'rights' && what !== 'extra'
}
