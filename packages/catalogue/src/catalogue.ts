import { z } from 'zod'

/** Rights of other roles than the object's owner, each as `role=PRIVILEGE`, in alphabetical order. */
const rights = z.array(z.string()).optional()

/** The number of the migration that last made the object, as its comment begins: `Migration 091.` */
const stamp = z.string().optional()

/**
 * What is recorded of each kind of object. A fact that is false, empty or unknown is left out, so that two catalogues
 * are equal if they are deeply equal.
 */
const kinds = {
  schemas: z.strictObject({ rights }),
  functions: z.strictObject({
    /** The types of the arguments, which tell one function of a name from another. */
    types: z.string(),
    /** The arguments with names and defaults. */
    arguments: z.string(),
    result: z.string(),
    language: z.string(),
    volatility: z.enum(['immutable', 'stable', 'volatile']),
    securityDefiner: z.literal(true).optional(),
    strict: z.literal(true).optional(),
    settings: z.array(z.string()).optional(),
    /** Sixteen hex digits of the SHA-256 of the text between the quotes, which is the same on every server. */
    body: z.string(),
    rights,
    stamp,
  }),
  /** Tables, views and sequences. */
  relations: z.strictObject({
    kind: z.enum(['table', 'view', 'materialized view', 'sequence']),
    rowSecurity: z.literal(true).optional(),
    forceRowSecurity: z.literal(true).optional(),
    options: z.array(z.string()).optional(),
    /** A view's query. */
    query: z.string().optional(),
    rights,
    stamp,
  }),
  columns: z.strictObject({
    type: z.string(),
    required: z.literal(true).optional(),
    default: z.string().optional(),
    generated: z.string().optional(),
    rights,
  }),
  constraints: z.strictObject({ definition: z.string(), invalid: z.literal(true).optional() }),
  indexes: z.strictObject({ definition: z.string(), invalid: z.literal(true).optional() }),
  triggers: z.strictObject({ definition: z.string(), disabled: z.literal(true).optional() }),
  policies: z.strictObject({ definition: z.string(), stamp }),
}

/** An object's facts, by their names. */
export type Facts = { [fact: string]: string | boolean | string[] | undefined }

/** Parses some of the objects of a catalogue; `null` stands for an object that was removed. */
export const changes = z.strictObject({
  schemas: z.record(z.string(), kinds.schemas.nullable()).optional(),
  functions: z.record(z.string(), kinds.functions.nullable()).optional(),
  relations: z.record(z.string(), kinds.relations.nullable()).optional(),
  columns: z.record(z.string(), kinds.columns.nullable()).optional(),
  constraints: z.record(z.string(), kinds.constraints.nullable()).optional(),
  indexes: z.record(z.string(), kinds.indexes.nullable()).optional(),
  triggers: z.record(z.string(), kinds.triggers.nullable()).optional(),
  policies: z.record(z.string(), kinds.policies.nullable()).optional(),
})

export const catalogue = z.strictObject({
  schemas: z.record(z.string(), kinds.schemas),
  functions: z.record(z.string(), kinds.functions),
  relations: z.record(z.string(), kinds.relations),
  columns: z.record(z.string(), kinds.columns),
  constraints: z.record(z.string(), kinds.constraints),
  indexes: z.record(z.string(), kinds.indexes),
  triggers: z.record(z.string(), kinds.triggers),
  policies: z.record(z.string(), kinds.policies),
})

/**
 * The objects of a database's schema. Names have no schema if it is `public`: `slot_refusals`, `login.signed_in`. A
 * column is `pets.name`; a constraint, trigger or policy is `pets_own on pets`. The first function of a name has the
 * name alone, any other one its types as well.
 */
export type Catalogue = z.infer<typeof catalogue>

export type Kind = keyof Catalogue

export const kindNames = [
  'schemas',
  'functions',
  'relations',
  'columns',
  'constraints',
  'indexes',
  'triggers',
  'policies',
] as const satisfies readonly Kind[]

/** The schemas that the migrations make objects in. */
export const productSchemas = ['public', 'clinic_access', 'login'] as const
