import type { Migration } from '../migrations.ts'
import { type FunctionText, plainName, plainNames, takeApart } from './sql-text.ts'

/** A function as the newest of these migrations makes it. */
export type ExpectedFunction = FunctionText & {
  /** The number of the migration that made it last. */
  migration: string
  /** Whether it runs with its owner's rights: so do those that are called from outside. */
  securityDefiner: boolean
  /** As the file sets it, such as `public, pg_temp`; undefined where it sets none. */
  searchPath: string | undefined
  /** The statement that gives it its comment, and with it its migration's stamp. */
  comment: string | undefined
  /** Who may execute it, by the grants of the files, apart from its owner. */
  roles: Set<string>
}

/**
 * What a database has to hold after these migrations, read from the files themselves; so it can't fall behind them.
 * Names are without their schema where that is `public`.
 */
export type Expected = {
  functions: Map<string, ExpectedFunction>
  /** `policy on table`, and the statement that makes it */
  policies: Map<string, string>
  /** `trigger on table` */
  triggers: Set<string>
  tables: Set<string>
  views: Set<string>
  /** Tables with row-level security. */
  secured: Set<string>
  indexes: Set<string>
  /** Constraints that a migration added to a table: `constraint on table` */
  constraints: Set<string>
}

/** The roles whose rights the migrations decide; `public` is everybody. */
export const judgedRoles = ['public', 'anon', 'authenticated', 'service_role'] as const

/** Reads what the migrations make, in their order, so that the newest word counts. */
export function expectedCatalogue(migrations: readonly Migration[]): Expected {
  const expected: Expected = {
    functions: new Map(),
    policies: new Map(),
    triggers: new Set(),
    tables: new Set(),
    views: new Set(),
    secured: new Set(),
    indexes: new Set(),
    constraints: new Set(),
  }
  for (const { sql, number } of migrations) {
    const { functions, statements } = takeApart(sql)
    for (const text of functions) expected.functions.set(text.name, functionOf(text, number, expected))
    for (const statement of statements) for (const read of readers) read(statement, expected)
  }
  return expected
}

/** The functions that are called from outside, by clients or by the API: what is watched and mended first. */
export function calledFunctions({ functions }: Expected): string[] {
  return [...functions.values()]
    .filter(
      ({ name, securityDefiner, header }) =>
        securityDefiner && !/\breturns trigger\b/.test(header) && !name.startsWith('clinic_access.'),
    )
    .map(({ name }) => name)
}

/** The schemas that the migrations make things in. */
export function ownSchemas({ functions, tables }: Expected): string[] {
  const names = [...functions.keys(), ...tables].map((name) => /^(.+)\./.exec(name)?.[1] ?? 'public')
  return [...new Set(['public', ...names])]
}

function functionOf(text: FunctionText, migration: string, { functions }: Expected): ExpectedFunction {
  return {
    ...text,
    migration,
    securityDefiner: /\bsecurity definer\b/.test(text.header),
    searchPath:
      /\bset search_path (?:=|to) (.*?)(?= (?:set|language|stable|immutable|volatile|security|strict|cost|rows|parallel)\b|$)/.exec(
        text.header,
      )?.[1],
    comment: undefined,
    // A function that is replaced keeps its rights.
    roles: functions.get(text.name)?.roles ?? new Set(['public']),
  }
}

type Reader = (statement: string, expected: Expected) => void

/** Each knows one kind of statement and passes the others over. */
const readers: readonly Reader[] = [
  function rights(statement, { functions }) {
    const found =
      /^(grant|revoke) (?:execute|all(?: privileges)?) on (?:(all functions) in schema|function) (.*) (?:to|from) ([\w, ]+)$/.exec(
        statement,
      )
    if (!found) return
    const [, verb, all, list = '', roles = ''] = found
    const names =
      all === undefined
        ? plainNames(list)
        : [...functions.keys()].filter((name) => plainNames(list).includes(schemaOf(name)))
    for (const name of names)
      for (const role of plainNames(roles)) {
        if (verb === 'grant') functions.get(name)?.roles.add(role)
        else functions.get(name)?.roles.delete(role)
      }
  },
  function comment(statement, { functions }) {
    const name = /^comment on function ([\w."]+)/.exec(statement)?.[1]
    const commented = functions.get(plainName(name ?? ''))
    if (commented) commented.comment = `${statement};`
  },
  function policy(statement, { policies }) {
    const [, verb, name, table] =
      /^(create|drop) policy (?:if exists )?([\w"]+) on ([\w."]+)/.exec(statement) ?? []
    if (name === undefined || table === undefined) return
    const key = `${plainName(name)} on ${plainName(table)}`
    if (verb === 'create') policies.set(key, statement)
    else policies.delete(key)
  },
  function trigger(statement, { triggers }) {
    const made = /^create (?:or replace )?(?:constraint )?trigger (\w+) .*? on ([\w."]+)/.exec(statement)
    if (made) triggers.add(`${made[1]} on ${plainName(made[2] ?? '')}`)
    const gone = /^drop trigger (?:if exists )?(\w+) on ([\w."]+)/.exec(statement)
    if (gone) triggers.delete(`${gone[1]} on ${plainName(gone[2] ?? '')}`)
  },
  function table(statement, { tables, secured, constraints }) {
    const made = /^create table (?:if not exists )?([\w."]+)/.exec(statement)?.[1]
    if (made !== undefined) tables.add(plainName(made))
    const [, name, change = ''] =
      /^alter table (?:if exists )?(?:only )?([\w."]+) (.*)$/.exec(statement) ?? []
    if (name === undefined) return
    const altered = plainName(name)
    if (/^enable row level security/.test(change)) secured.add(altered)
    if (/^disable row level security/.test(change)) secured.delete(altered)
    for (const [, constraint] of change.matchAll(/\badd constraint (\w+)/g))
      constraints.add(`${constraint} on ${altered}`)
    for (const [, constraint] of change.matchAll(/\bdrop constraint (?:if exists )?(\w+)/g))
      constraints.delete(`${constraint} on ${altered}`)
  },
  function view(statement, { views }) {
    const made = /^create (?:or replace )?view ([\w."]+)/.exec(statement)?.[1]
    if (made !== undefined) views.add(plainName(made))
    const gone = /^drop view (?:if exists )?(.*?)(?: cascade| restrict)?$/.exec(statement)?.[1]
    for (const dropped of plainNames(gone ?? '')) views.delete(dropped)
  },
  function index(statement, { indexes }) {
    const [, name, table = ''] =
      /^create (?:unique )?index (?:concurrently )?(?:if not exists )?(\w+) on (?:only )?([\w."]+)/.exec(
        statement,
      ) ?? []
    const schema = schemaOf(plainName(table))
    if (name !== undefined) indexes.add(schema === 'public' ? name : `${schema}.${name}`)
    const gone = /^drop index (?:concurrently )?(?:if exists )?(.*?)(?: cascade| restrict)?$/.exec(
      statement,
    )?.[1]
    for (const dropped of plainNames(gone ?? '')) indexes.delete(dropped)
  },
  function dropped(statement, expected) {
    const [, kind, list = ''] =
      /^drop (function|table) (?:if exists )?(.*?)(?: cascade| restrict)?$/.exec(statement) ?? []
    if (kind === undefined) return
    for (const name of plainNames(list)) {
      if (kind === 'function') expected.functions.delete(name)
      else dropTable(name, expected)
    }
  },
]

/** With a table go its policies, triggers and constraints; its indexes are named apart, so they go by their statement. */
function dropTable(name: string, { tables, secured, policies, triggers, constraints }: Expected): void {
  tables.delete(name)
  secured.delete(name)
  for (const named of [policies, triggers, constraints])
    for (const key of [...named.keys()]) if (key.endsWith(` on ${name}`)) named.delete(key)
}

function schemaOf(name: string): string {
  return /^(.+)\./.exec(name)?.[1] ?? 'public'
}
