import { day } from '@vetcita/testing/times'
import fc from 'fast-check'
import { z } from 'zod'

type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * Generates values that a schema accepts, often with ids of things that exist. A few may be invalid, since a schema can
 * require more than JSON Schema expresses.
 */
export function validFor(schema: z.ZodType, ids: readonly string[]): fc.Arbitrary<unknown> {
  const value = arbitraryOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), ids)
  return fc.infiniteStream(value).map((tries) => {
    let one: unknown
    for (let n = 0; n < 100; n += 1) {
      one = tries.next().value
      if (schema.safeParse(one).success) break
    }
    return one
  })
}

function arbitraryOf(schema: JsonSchema | boolean, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue()
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => arbitraryOf(choice, ids)))
  switch (schema.type) {
    case 'object':
      return objectOf(schema, ids)
    case 'array': {
      const item = typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : true
      const minLength = schema.minItems ?? 0
      const maxLength = Math.max(minLength, Math.min(schema.maxItems ?? 5, 5))
      return fc.array(arbitraryOf(item, ids), { minLength, maxLength })
    }
    case 'string':
      return textOf(schema, ids)
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue()
  }
}

function objectOf(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => [key, arbitraryOf(value, ids)] as const,
  )
  return fc.record(Object.fromEntries(properties), {
    requiredKeys: schema.required ?? [],
    noNullPrototype: true,
  })
}

function textOf(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<string> {
  switch (schema.format) {
    case 'uuid':
      return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, fc.uuid())
    case 'email':
      return fc.emailAddress()
    case 'date':
      return fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }).map(day) }, anyDate)
    case 'date-time':
      return fc.oneof({ weight: 4, arbitrary: soon }, anyInstant)
  }
  const minLength = schema.minLength ?? 0
  const maxLength = Math.min(schema.maxLength ?? 60, 60)
  if (schema.pattern !== undefined)
    return fc
      .stringMatching(new RegExp(schema.pattern), { size: 'medium' })
      .filter(({ length }) => length >= minLength && length <= (schema.maxLength ?? length))
  const words = fc.constantFrom('Luna', "Ñandú O'Hara", 'Consulta 🐕‍🦺', 'ana@example.com', '0981 123456')
  const any = fc.string({ unit: 'grapheme', minLength, maxLength })
  return fc.oneof(
    words.filter(({ length }) => length >= minLength && length <= maxLength),
    any,
  )
}

function numberOf(schema: JsonSchema): fc.Arbitrary<number> {
  const min = schema.minimum ?? Number(schema.exclusiveMinimum ?? -1000)
  const max = schema.maximum ?? Number(schema.exclusiveMaximum ?? 1_000_000)
  const step = schema.multipleOf ?? 1
  const whole = fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) })
  return fc.oneof(
    whole.map((value) => value * step),
    fc.constantFrom(min, max),
  )
}

const anyDate = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const anyInstant = fc
  .tuple(anyDate, fc.constantFrom('T00:00:00Z', 'T23:59:59.999999Z', 'T10:00:00+14:00', 'T10:00:00.5-11:30'))
  .map((parts) => parts.join(''))
const soon = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('08:00', '10:30', '12:00', '17:59'))
  .map(([days, time]) => `${day(days)}T${time}:00-03:00`)

/** Values that are only sent on purpose. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    "'; drop table appointments; --",
    '\u0000',
    '\ud800',
    '\u202e\u0007\r\nset-cookie: a=b',
    '',
    ' ',
    '%s%n%x$1\\',
    '../../../../etc/passwd',
    '<script>alert(1)</script>',
    '11111111-1111-1111-1111-111111111111',
    '9999-12-31T23:59:59Z',
    '0000-00-00',
    '2030-02-30',
    'infinity',
    'NaN',
    -1,
    0,
    -0.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    null,
    true,
    [],
    [[]],
    {},
    { length: 1e9 },
    { toString: 'x', valueOf: null },
    { $ne: null },
  ),
  fc.constantFrom(10_000, 100_000).map((length) => 'x'.repeat(length)),
  fc.constantFrom(50, 2000).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
  fc.jsonValue(),
)

/** Generates valid input with one change: a value replaced, a key removed, or a key added that is special in JavaScript. */
export function nearlyValidFor(schema: z.ZodType, ids: readonly string[]): fc.Arbitrary<unknown> {
  const kind = fc.constantFrom('replace', 'drop', 'add')
  const key = fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'tenantId',
    'userId',
    'role',
    'isStaff',
  )
  return fc
    .tuple(validFor(schema, ids), kind, fc.nat(), hostile, key)
    .map(([value, change, place, bad, added]) => spoiled(value, change, place, bad, added))
}

function spoiled(value: unknown, change: string, place: number, bad: unknown, added: string): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const at = place % value.length
    return value.map((item, index) => (index === at ? spoiled(item, change, place, bad, added) : item))
  }
  if (typeof value !== 'object' || value === null) return bad
  const entries = Object.entries(value)
  if (change === 'add')
    return JSON.parse(JSON.stringify({ ...value, added: bad }).replace('"added":', `"${added}":`))
  const at = place % Math.max(entries.length, 1)
  if (change === 'drop') return Object.fromEntries(entries.filter((_entry, index) => index !== at))
  return Object.fromEntries(
    entries.map(([key, item], index) => {
      const inner = typeof item === 'object' && item !== null && place % 2 === 0
      return [key, index !== at ? item : inner ? spoiled(item, change, place, bad, added) : bad]
    }),
  )
}

/** Generates arbitrary JSON and hostile values. */
export const hostileInput: fc.Arbitrary<unknown> = fc.oneof(
  hostile,
  fc.array(hostile),
  fc.dictionary(fc.string(), hostile),
)
