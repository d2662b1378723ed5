import type { Migration } from '../migrations.ts'

/** A function as the newest of these migrations makes it. */
export type ExpectedFunction = {
  name: string
  /** The number of the migration that made it last. */
  migration: string
  /** What stands between the dollar quotes, as `pg_proc.prosrc` has it. */
  body: string
  /** Who may execute it, by the grants of the files, apart from its owner. */
  roles: Set<string>
}

/** What a database has to hold after these migrations, read from the files themselves; so it can't fall behind them. */
export type Expected = {
  functions: Map<string, ExpectedFunction>
  /** `policy on table` */
  policies: Set<string>
  /** `trigger on table` */
  triggers: Set<string>
  /** Tables with row-level security. */
  secured: Set<string>
}

/** The roles whose rights the migrations decide; `public` is everybody. */
export const judgedRoles = ['public', 'anon', 'authenticated', 'service_role'] as const

/** Reads what the migrations make in the schema `public`, in their order, so that the newest word counts. */
export function expectedCatalogue(migrations: readonly Migration[]): Expected {
  const expected: Expected = {
    functions: new Map(),
    policies: new Set(),
    triggers: new Set(),
    secured: new Set(),
  }
  for (const migration of migrations)
    readMigration(withoutComments(migration.sql), migration.number, expected)
  return expected
}

function readMigration(sql: string, number: string, expected: Expected): void {
  // The bodies are taken first: what they say is no statement of the migration.
  const outside = sql.replace(
    /create (?:or replace )?function (?<name>[\w.]+)\s*\((?:(?!\$\$)[\s\S])*?\bas (?<quote>\$\w*\$)(?<body>[\s\S]*?)\k<quote>/g,
    (_, name: string, _quote: string, body: string) => {
      const before = expected.functions.get(name)
      if (!name.includes('.')) {
        // A function that is replaced keeps its rights.
        const roles = before?.roles ?? new Set(['public'])
        expected.functions.set(name, { name, migration: number, body, roles })
      }
      return ''
    },
  )
  const statements = outside.replace(/\bdo (\$\w*\$)[\s\S]*?\1/g, '').split(';')
  for (const statement of statements) readStatement(statement.replace(/\s+/g, ' ').trim(), expected)
}

function readStatement(statement: string, { functions, policies, triggers, secured }: Expected): void {
  const rights = /^(grant|revoke) execute on function (.*) (?:to|from) ([\w, ]+)$/.exec(statement)
  if (rights) {
    const [, verb, list = '', roles = ''] = rights
    for (const [, name = ''] of list.matchAll(/(?:^|, ?)(?:public\.)?(\w+)\s*\(/g))
      for (const role of roles.split(',')) {
        if (verb === 'grant') functions.get(name)?.roles.add(role.trim())
        else functions.get(name)?.roles.delete(role.trim())
      }
    return
  }
  const dropped = /^drop (function|policy|trigger) (?:if exists )?(\w+)(?: on (\w+))?/.exec(statement)
  if (dropped) {
    const [, kind, name = '', table = ''] = dropped
    if (kind === 'function') functions.delete(name)
    else (kind === 'policy' ? policies : triggers).delete(`${name} on ${table}`)
    return
  }
  const policy = /^create policy (\w+) on (\w+)/.exec(statement)
  if (policy) policies.add(`${policy[1]} on ${policy[2]}`)
  const trigger = /^create (?:constraint )?trigger (\w+) .*? on (\w+)/.exec(statement)
  if (trigger) triggers.add(`${trigger[1]} on ${trigger[2]}`)
  const table = /^alter table (\w+) enable row level security/.exec(statement)
  if (table?.[1] !== undefined) secured.add(table[1])
}

function withoutComments(sql: string): string {
  // Only whole lines: a function's body is compared letter by letter, and is searched for after this.
  return sql.replace(/^--.*$/gm, '')
}
