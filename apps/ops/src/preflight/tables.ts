import type { Catalogue } from '@vetcita/catalogue/catalogue'
import type { Difference } from '@vetcita/catalogue/compare'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { relevantDifferences } from '../catalogue/judge.ts'
import type { Migration } from '../migrations.ts'

/**
 * Returns what each of a clinic's tables lacks compared with the contract, one sentence each: columns, types, defaults,
 * keys, checks and triggers, as the first migration makes them. A missing table is one sentence; additional or stricter
 * columns and other names are accepted.
 */
export function tableGaps(found: Catalogue, first: Migration): string[] {
  const expected = expectedCatalogue([first])
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
