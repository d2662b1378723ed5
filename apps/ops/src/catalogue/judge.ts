import type { Catalogue, Kind } from '@vetcita/catalogue/catalogue'
import { compareCatalogues, type Difference } from '@vetcita/catalogue/compare'
import type { Expected } from '@vetcita/catalogue/manifest'
import { slotIndex } from '../deploy/concurrent-index.ts'
import type { Check } from '../output.ts'
import { guideFunctions, overlapConstraint } from './expected.ts'

/** Returns the relevant differences between a database and what its migrations make. */
export function relevantDifferences(expected: Expected, found: Catalogue): Difference[] {
  return compareCatalogues(expected.catalogue, found, expected.origin).filter(
    (difference) => !isHarmless(difference, expected.catalogue, found),
  )
}

/** Roles to which a platform's default privileges grant more than the migrations do. */
const trusted = ['service_role', 'vetcita_api']

const clients = ['public', 'anon', 'authenticated']

/**
 * Some tables are older than the first migration. They may have more columns, other defaults, stricter columns, and other
 * names for their constraints and indexes. Objects that no migration makes are ignored, except for rights, policies and
 * tables without row-level security.
 */
function isHarmless({ kind, name, what, right }: Difference, expected: Catalogue, found: Catalogue): boolean {
  if (right?.granted) {
    if (trusted.includes(right.role)) return true
    if (kind === 'functions') return false
    // A table that is older than the first migration may have policies of its own until 097 gives it others.
    const relation = kind === 'columns' ? name.slice(0, name.lastIndexOf('.')) : name
    const hasOwnPolicies =
      found.relations[relation]?.rowSecurity === true && expected.relations[relation]?.rowSecurity !== true
    return !clients.includes(right.role) || hasOwnPolicies
  }
  if (what === 'extra') {
    if (kind === 'relations') {
      const isSecured = Object.values(expected.relations).some(({ rowSecurity }) => rowSecurity)
      const { kind: relationKind, rowSecurity } = found.relations[name] ?? {}
      return !isSecured || relationKind !== 'table' || rowSecurity === true || name.includes('.')
    }
    return kind !== 'policies' && !isOverload(kind, name, expected)
  }
  if (kind === 'columns' && what === 'default') return found.columns[name]?.default !== undefined
  if (kind === 'columns' && what === 'required') return found.columns[name]?.required === true
  if (what === 'missing' && kind === 'constraints')
    return hasTwin(expected.constraints, found.constraints, name)
  if (what === 'missing' && kind === 'indexes') {
    // the index of a constraint, which is compared as a constraint
    const table = Object.keys(expected.constraints).find((key) => key.startsWith(`${name} on `))
    return table !== undefined
  }
  return false
}

/** Whether it is another function of a name of ours. */
function isOverload(kind: Kind, name: string, { functions }: Catalogue): boolean {
  const [own = ''] = name.split('(')
  return kind === 'functions' && name.includes('(') && functions[own] !== undefined
}

/** Returns whether the table has the same constraint under another name. */
function hasTwin(expected: Catalogue['constraints'], found: Catalogue['constraints'], name: string): boolean {
  const table = name.replace(/^.* on /, ' on ')
  return Object.entries(found).some(
    ([other, { definition }]) => other.endsWith(table) && definition === expected[name]?.definition,
  )
}

/** Checks the catalogue by the success criteria of the guide and the contract. */
export function checkCatalogue(expected: Expected, found: Catalogue): Check[] {
  const differences = relevantDifferences(expected, found)
  const { functions, indexes, constraints, relations } = expected.catalogue
  const guide = guideFunctions.filter((name) => functions[name] !== undefined)
  const isGuide = (name: string) => guide.some((known) => known === name)
  const isSecured = Object.values(relations).some(({ rowSecurity }) => rowSecurity)
  const check = (name: string, belongs: (difference: Difference) => boolean) =>
    verdict(
      name,
      differences.filter(belongs).map(({ sentence }) => sentence),
    )
  const ofFunctions =
    (...facts: string[]) =>
    (one: Difference) =>
      one.kind === 'functions' && facts.includes(one.what)
  const isOverlap = ({ kind, name }: Difference) =>
    (kind === 'constraints' && name === `${overlapConstraint} on appointments`) ||
    (kind === 'indexes' && name === overlapConstraint)
  const isSlotIndex = ({ kind, name }: Difference) => kind === 'indexes' && name === slotIndex
  const isSecurity = ({ kind, what }: Difference) =>
    kind === 'relations' && (what === 'rowSecurity' || what === 'extra')

  return [
    check(
      `All ${guide.length} functions exist in pg_proc`,
      (one) => ofFunctions('missing')(one) && isGuide(one.name),
    ),
    check(
      'Every other function of the migrations exists, once',
      (one) => ofFunctions('missing', 'extra')(one) && !isGuide(one.name),
    ),
    check('Arguments and result types match the contract', ofFunctions('arguments', 'result')),
    check('Bodies match the migrations', ofFunctions('body', 'language', 'volatility', 'strict', 'stamp')),
    check(
      'Functions that clients call are security definer, and every search_path is pinned',
      ofFunctions('securityDefiner', 'settings'),
    ),
    check(
      'Functions have `authenticated` EXECUTE permission',
      (one) => ofFunctions('rights')(one) && one.right?.granted === false,
    ),
    check(
      'No other role may execute them, including PUBLIC',
      (one) => ofFunctions('rights')(one) && one.right?.granted === true,
    ),
    ...(indexes[slotIndex] === undefined ? [] : [check(`Index \`${slotIndex}\` exists`, isSlotIndex)]),
    ...(constraints[`${overlapConstraint} on appointments`] === undefined
      ? []
      : [check(`Constraint \`${overlapConstraint}\` holds`, isOverlap)]),
    check(
      'Tables, columns, views, other indexes and constraints exist',
      (one) =>
        ['schemas', 'relations', 'columns', 'indexes', 'constraints'].includes(one.kind) &&
        one.what !== 'rights' &&
        !isOverlap(one) &&
        !isSlotIndex(one) &&
        !isSecurity(one),
    ),
    check('Triggers exist and are enabled', ({ kind }) => kind === 'triggers'),
    ...(isSecured
      ? [
          check('Row-level security is on for every table', isSecurity),
          check('Policies match the migrations', ({ kind }) => kind === 'policies'),
        ]
      : []),
    check(
      'Clients may read and write what the migrations grant, and nothing else',
      ({ kind, what }) => kind !== 'functions' && what === 'rights',
    ),
  ]
}

/** Returns a check that fails with the given problems, if any. */
export function verdict(name: string, problems: readonly string[]): Check {
  return problems.length === 0
    ? { name, verdict: 'ok' }
    : { name, verdict: 'failed', detail: problems.join('; ') }
}

/** Returns what is wrong with one object, or null. */
export function problemWith(kind: Kind, name: string, expected: Expected, found: Catalogue): string | null {
  const own = relevantDifferences(expected, found).filter((one) => one.kind === kind && one.name === name)
  return own.length === 0 ? null : own.map(({ sentence }) => sentence).join('; ')
}
