import { isDeepStrictEqual } from 'node:util'
import { type Catalogue, type Facts, type Kind, kindNames } from './catalogue.ts'

/** One thing in which a catalogue is not the expected one. */
export type Difference = {
  kind: Kind
  /** The object's name, as {@link Catalogue} has it. */
  name: string
  /** `missing`, `extra`, or the fact that differs. */
  what: string
  /** For `rights`: who may do too much or too little. */
  right?: { role: string; privilege: string; granted: boolean }
  /** Says it to people, without a full stop: `index pets_owner_idx of 000 is missing`. */
  sentence: string
}

/** Says which migration an object is from, if anything is known about that. */
export type Origin = (kind: Kind, name: string) => string | undefined

/**
 * Returns a catalogue in which a function has an expected one's name only if it takes the same types: another function of
 * that name has its types in its name. The reader calls whichever is older by the bare name.
 */
export function bySignature(expected: Catalogue, found: Catalogue): Catalogue {
  const functions: Catalogue['functions'] = {}
  for (const [key, facts] of Object.entries(found.functions)) {
    const name = key.replace(/\(.*$/s, '')
    const own = expected.functions[name]
    functions[own === undefined ? key : own.types === facts.types ? name : `${name}(${facts.types})`] = facts
  }
  return { ...found, functions }
}

/** Returns every difference between two catalogues, in the order of their kinds and names. */
export function compareCatalogues(
  expected: Catalogue,
  read: Catalogue,
  origin: Origin = () => undefined,
): Difference[] {
  const found = bySignature(expected, read)
  return kindNames.flatMap((kind) => {
    const wanted: Record<string, Facts> = expected[kind]
    const present: Record<string, Facts> = found[kind]
    return [
      ...Object.entries(wanted).flatMap(([name, facts]) => {
        const other = present[name]
        return other === undefined
          ? [missing(kind, name, facts, origin(kind, name))]
          : differing(kind, name, facts, other, origin(kind, name))
      }),
      ...Object.entries(present)
        .filter(([name]) => wanted[name] === undefined)
        .map(([name, facts]) => extra(kind, name, facts, wanted, present)),
    ]
  })
}

const labels: Readonly<Record<Kind, string>> = {
  schemas: 'schema',
  functions: 'function',
  relations: 'table',
  columns: 'column',
  constraints: 'constraint',
  indexes: 'index',
  triggers: 'trigger',
  policies: 'policy',
}

function label(kind: Kind, facts: Facts): string {
  return kind === 'relations' ? String(facts.kind) : labels[kind]
}

function missing(kind: Kind, name: string, facts: Facts, origin: string | undefined): Difference {
  const from = origin === undefined ? '' : ` of ${origin}`
  // anyone who has to create it again by hand needs its definition
  const was = kind === 'columns' ? `: ${facts.type}` : kind === 'constraints' ? `: ${facts.definition}` : ''
  return { kind, name, what: 'missing', sentence: `${label(kind, facts)} ${name}${from} is missing${was}` }
}

function extra(
  kind: Kind,
  name: string,
  facts: Facts,
  wanted: Record<string, Facts>,
  present: Record<string, Facts>,
): Difference {
  const overloaded = kind === 'functions' ? /^(.+)\(/.exec(name)?.[1] : undefined
  return {
    kind,
    name,
    what: 'extra',
    sentence:
      overloaded !== undefined && wanted[overloaded] !== undefined
        ? present[overloaded] === undefined
          ? `another function is called ${overloaded}: it takes (${facts.arguments})`
          : `function ${overloaded} exists more than once: it also takes (${facts.arguments})`
        : `${label(kind, facts)} ${name} is from no migration`,
  }
}

function differing(
  kind: Kind,
  name: string,
  wanted: Facts,
  found: Facts,
  origin: string | undefined,
): Difference[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .filter((what) => !isDeepStrictEqual(wanted[what], found[what]))
    .flatMap((what): Difference[] => {
      if (what === 'rights') return differingRights(kind, name, list(wanted.rights), list(found.rights))
      // The types are part of the arguments, which say more.
      if (what === 'types') return []
      return [{ kind, name, what, sentence: sentenceOf(kind, name, what, wanted, found, origin) }]
    })
}

function differingRights(kind: Kind, name: string, wanted: string[], found: string[]): Difference[] {
  const difference = (granted: boolean) => (text: string) => {
    const [role = '', privilege = ''] = text.split('=')
    const may = `${role === 'public' ? 'PUBLIC' : role} may ${granted ? '' : 'not '}`
    const verb = privilege === 'USAGE' ? 'use' : privilege.toLowerCase()
    return {
      kind,
      name,
      what: 'rights',
      right: { role, privilege, granted },
      sentence: `${may}${verb} ${name}`,
    }
  }
  return [
    ...wanted.filter((right) => !found.includes(right)).map(difference(false)),
    ...found.filter((right) => !wanted.includes(right)).map(difference(true)),
  ]
}

function sentenceOf(
  kind: Kind,
  name: string,
  what: string,
  wanted: Facts,
  found: Facts,
  origin: string | undefined,
): string {
  const subject = kind === 'functions' ? name : `${label(kind, found)} ${name}`
  switch (what) {
    case 'arguments':
      return `${name} takes (${found.arguments})`
    case 'result':
      return `${name} returns ${found.result}`
    case 'body':
      return `the body of ${name} is not the one of ${origin === undefined ? 'its migration' : `migration ${origin}`}`
    case 'securityDefiner':
      return `${name} is ${found.securityDefiner ? '' : 'not '}security definer`
    case 'strict':
      return `${name} is ${found.strict ? '' : 'not '}strict`
    case 'settings':
      return settingsSentence(name, list(wanted.settings), list(found.settings))
    case 'volatility':
      return `${name} is ${found.volatility}, not ${wanted.volatility}`
    case 'rowSecurity':
      return `row-level security is ${found.rowSecurity ? 'on' : 'off'} on ${name}`
    case 'required':
      return `${subject} ${found.required ? 'must not' : 'may'} be null`
    case 'invalid':
      return found.invalid
        ? `${subject} is invalid${kind === 'indexes' ? ': its build was interrupted' : ''}`
        : `${subject} is valid`
    case 'disabled':
      return `${subject} is ${found.disabled ? 'disabled' : 'enabled'}`
    case 'definition':
      return kind === 'policies'
        ? `${subject} says ${found.definition}`
        : `${subject} is another one: ${found.definition}`
    case 'query':
      return `${subject} has another query: ${String(found.query).replace(/\s+/g, ' ').trim()}`
    case 'stamp':
      return found.stamp === undefined
        ? `the comment of ${subject} names no migration`
        : `the comment of ${subject} names migration ${found.stamp}, not ${wanted.stamp ?? 'none'}`
    default:
      if (found[what] === undefined) return `${subject} has no ${what} ${wanted[what]}`
      return `${subject} has the ${what} ${found[what]}${wanted[what] === undefined ? '' : `, not ${wanted[what]}`}`
  }
}

function settingsSentence(name: string, wanted: string[], found: string[]): string {
  const path = (settings: string[]) =>
    settings.find((setting) => setting.startsWith('search_path='))?.slice('search_path='.length)
  const live = path(found)
  if (live === undefined && path(wanted) !== undefined) return `${name} has no search_path`
  if (live !== path(wanted)) return `${name} has the search_path ${live}`
  return `${name} has the settings ${found.join(', ')}`
}

function list(value: Facts[string]): string[] {
  return Array.isArray(value) ? value : []
}
