import type { Catalogue } from '@vetcita/catalogue/catalogue'
import { readManifest } from '@vetcita/catalogue/manifest'
import { Failure } from '../failure.ts'
import type { Migration } from '../migrations.ts'

/** A function that bears the name of one of ours and takes other types, and the statement that removes it. */
export type Stranger = { name: string; arguments: string; drop: string }

/**
 * Returns the functions that stand beside ours under the same name: a call could reach either, or neither. What a pending
 * migration drops by itself is left out.
 */
export function strangersAmong(found: Catalogue, pending: readonly Migration[]): Stranger[] {
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

/** @throws Failure with the statements that remove what stands in the way */
export function refuseStrangers(found: Catalogue, pending: readonly Migration[]): void {
  const strangers = strangersAmong(found, pending)
  if (strangers.length === 0) return
  throw new Failure(
    `${strangers.map(strangerSentence).join('; ')}. Nothing was changed.`,
    `If nothing needs ${strangers.length === 1 ? 'it' : 'them'}, run: ${strangers.map(({ drop }) => drop).join(' ')}`,
  )
}

/** Says what a stranger is. */
export function strangerSentence({ name, arguments: text }: Stranger): string {
  return `Another function is called ${name}, and takes (${text})`
}

/** Every name of the manifest, with the signatures that any migration gives it. */
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

/** The names of which a migration drops every other function. */
function namesEmptiedBy({ sql }: Migration): string[] {
  return sql.includes("execute format('drop function %s'")
    ? [...sql.matchAll(/p\.proname = '(\w+)'/g)].map(([, name = '']) => name)
    : []
}

/** A name with its schema. */
export function qualified(name: string): string {
  return /^[^(]*\./.test(name) ? name : `public.${name}`
}
