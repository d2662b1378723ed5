import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Catalogue, catalogue, changes, type Kind, kindNames } from './catalogue.ts'
import type { Origin } from './compare.ts'

/** The file that `pnpm manifest` writes and `pnpm manifest --check` compares. */
export const manifestFile = path.resolve(import.meta.dirname, '../manifest.json')

const level = z.strictObject({
  /** The migration's folder, as in `091_appointment_overlap_constraint`. */
  migration: z.string(),
  /** The numbers of the earlier migrations that this one's objects use or replace. */
  needs: z.array(z.string()),
  /** The tables and columns that its `down.sql` drops. */
  drops: z.strictObject({ relations: z.array(z.string()), columns: z.array(z.string()) }),
  /** The objects that it makes, changes or removes, with all their facts. */
  changes,
})

const manifest = z.strictObject({
  /** The functions that prisma/api-role.sql lets the API's role execute. */
  apiFunctions: z.array(z.string()),
  /** One for each migration, in the order in which they are applied. */
  levels: z.array(level),
})

/** What each migration makes of a database's schema. Generated; see docs/decisions/023. */
export type Manifest = z.infer<typeof manifest>

export type Level = z.infer<typeof level>

let read: Manifest | undefined

/** Reads the committed manifest, once. */
export function readManifest(): Manifest {
  read ??= manifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
  return read
}

export const emptyCatalogue: Catalogue = catalogue.parse(
  Object.fromEntries(kindNames.map((kind) => [kind, {}])),
)

/** A catalogue that a set of migrations makes, and which of them each object is from. */
export type Expected = { catalogue: Catalogue; origin: Origin }

/**
 * Returns what a database has to hold after these migrations; where two of them make one object, the later one counts.
 *
 * @param migrations the names of their folders
 * @throws Error if the manifest does not know one of them
 */
export function expectedAfter(migrations: readonly string[], { levels } = readManifest()): Expected {
  const unknown = migrations.filter((name) => !levels.some(({ migration }) => migration === name))
  if (unknown.length > 0)
    throw new Error(
      `packages/catalogue/manifest.json does not know ${unknown.join(', ')}: run "pnpm manifest".`,
    )
  const objects: Record<string, Record<string, unknown>> = structuredClone(emptyCatalogue)
  const origins = new Map<string, string>()
  for (const { migration, changes } of levels.filter((one) => migrations.includes(one.migration)))
    for (const kind of kindNames)
      for (const [name, facts] of Object.entries(changes[kind] ?? {})) {
        const ofKind = objects[kind] ?? {}
        const before = ofKind[name]
        if (before === undefined || madeAnew(before, facts))
          origins.set(`${kind} ${name}`, numberOf(migration))
        if (facts === null) delete ofKind[name]
        else ofKind[name] = facts
      }
  return {
    catalogue: catalogue.parse(objects),
    origin: (kind, name) => origins.get(`${kind} ${name}`),
  }
}

/** Tells an object that was defined again from one whose rights or comment alone changed. */
function madeAnew(before: unknown, after: unknown): boolean {
  return !isDeepStrictEqual(definitionOf(before), definitionOf(after))
}

const definition = z
  .object({ rights: z.unknown(), stamp: z.unknown(), rowSecurity: z.unknown() })
  .partial()
  .loose()

function definitionOf(facts: unknown): unknown {
  const { rights: _rights, stamp: _stamp, rowSecurity: _on, ...rest } = definition.parse(facts ?? {})
  return rest
}

/** Returns the changes that lead from one catalogue to another. */
export function changesBetween(before: Catalogue, after: Catalogue): Level['changes'] {
  const between: Record<string, Record<string, unknown>> = {}
  for (const kind of kindNames) {
    const [old, now]: Record<string, unknown>[] = [before[kind], after[kind]]
    if (old === undefined || now === undefined) continue
    const changed = [
      ...Object.keys(now).filter((name) => !isDeepStrictEqual(old[name], now[name])),
      ...Object.keys(old).filter((name) => now[name] === undefined),
    ]
    if (changed.length > 0)
      between[kind] = Object.fromEntries(changed.map((name) => [name, now[name] ?? null]))
  }
  return changes.parse(between)
}

/** A migration's number: `091` of `091_appointment_overlap_constraint`. */
export function numberOf(migration: string): string {
  return migration.split('_')[0] ?? migration
}

/** Writes a manifest as JSON with one object a line, to be read in a diff. */
export function formatManifest({ apiFunctions, levels }: Manifest): string {
  const block = (name: string, lines: string[], indent: string, [open, close]: readonly [string, string]) =>
    `${indent}${JSON.stringify(name)}: ${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`
  const written = levels.map(({ migration, needs, drops, changes: { ...made } }) => {
    const kinds = kindNames.flatMap((kind: Kind) => {
      const objects = Object.entries(made[kind] ?? {})
      if (objects.length === 0) return []
      return [
        block(
          kind,
          objects.map(([name, facts]) => `${JSON.stringify(name)}: ${JSON.stringify(facts)}`),
          '        ',
          ['{', '}'],
        ),
      ]
    })
    return [
      '    {',
      `      "migration": ${JSON.stringify(migration)},`,
      `      "needs": ${JSON.stringify(needs)},`,
      `      "drops": ${JSON.stringify(drops)},`,
      kinds.length === 0 ? '      "changes": {}' : `      "changes": {\n${kinds.join(',\n')}\n      }`,
      '    }',
    ].join('\n')
  })
  return `{\n${block(
    'apiFunctions',
    apiFunctions.map((name) => JSON.stringify(name)),
    '  ',
    ['[', ']'],
  )},\n  "levels": [\n${written.join(',\n')}\n  ]\n}\n`
}

/** Returns the lines of two manifests' texts that differ: `- …` is in the kept one alone, `+ …` in the made one. */
export function manifestDrift(kept: string, made: string): string[] {
  const [keptLines, madeLines] = [kept.split('\n'), made.split('\n')]
  return [
    ...keptLines.filter((line) => !madeLines.includes(line)).map((line) => `- ${line.trim()}`),
    ...madeLines.filter((line) => !keptLines.includes(line)).map((line) => `+ ${line.trim()}`),
  ]
}
