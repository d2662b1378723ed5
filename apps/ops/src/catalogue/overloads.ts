import type { Catalogue } from '@vetcita/catalogue/catalogue'
import { readManifest } from '@vetcita/catalogue/manifest'
import { Failure } from '../failure.ts'
import type { Migration } from '../migrations.ts'

/** A function with the name of one of ours and other argument types, and the statement that drops it. */
export type Overload = { name: string; arguments: string; drop: string }

/**
 * Returns functions that overload ours: a call could be resolved to either, or be ambiguous. Functions that a pending
 * migration drops are left out.
 */
export function overloadsAmong(found: Catalogue, pending: readonly Migration[]): Overload[] {
  const own = signaturesOfManifest()
  const going = new Set(pending.flatMap(droppedBy))
  const emptied = new Set(pending.flatMap(namesEmptiedBy))
  return Object.entries(found.functions).flatMap(([key, { types, arguments: text }]) => {
    const name = key.replace(/\(.*$/s, '')
    const signature = `${name}(${types})`
    const known = own.get(name)
    if (known === undefined || known.has(signature)) return []
    if (going.has(signature) || emptied.has(name)) return []
    return [{ name, arguments: text, drop: `drop function ${qualified(signature)};` }]
  })
}

/** @throws Failure with the statements that drop the conflicting functions */
export function refuseOverloads(found: Catalogue, pending: readonly Migration[]): void {
  const overloads = overloadsAmong(found, pending)
  if (overloads.length === 0) return
  throw new Failure(
    `${overloads.map(overloadSentence).join('; ')}. Nothing was changed.`,
    `If nothing needs ${overloads.length === 1 ? 'it' : 'them'}, run: ${overloads.map(({ drop }) => drop).join(' ')}`,
  )
}

/** Describes a conflicting function. */
export function overloadSentence({ name, arguments: text }: Overload): string {
  return `Another function is called ${name}, and takes (${text})`
}

/** Returns every function name of the manifest, with its signatures in any migration. */
function signaturesOfManifest(): Map<string, Set<string>> {
  const signatures = new Map<string, Set<string>>()
  for (const { changes } of readManifest().levels)
    for (const [key, facts] of Object.entries(changes.functions ?? {})) {
      if (facts === null) continue
      const name = key.replace(/\(.*$/s, '')
      const known = signatures.get(name) ?? new Set()
      signatures.set(name, known.add(`${name}(${facts.types})`))
    }
  return signatures
}

/** The signatures that a migration drops, with the types as the server prints them. */
function droppedBy({ sql }: Migration): string[] {
  return [...sql.matchAll(/drop function (?:if exists )?(?:public\.)?([\w.]+\([^)]*\))/g)].map(
    ([, signature = '']) =>
      signature.replaceAll('timestamptz', 'timestamp with time zone').replace(/\bint\b/g, 'integer'),
  )
}

/** Returns the names for which a migration drops all other overloads. */
function namesEmptiedBy({ sql }: Migration): string[] {
  return sql.includes("execute format('drop function %s'")
    ? [...sql.matchAll(/p\.proname = '(\w+)'/g)].map(([, name = '']) => name)
    : []
}

/** Returns a name with its schema. */
export function qualified(name: string): string {
  return /^[^(]*\./.test(name) ? name : `public.${name}`
}
