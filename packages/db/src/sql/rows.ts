import { z } from 'zod'

const rowList = z.array(z.unknown())

/** Renames the keys of rows, and of the JSON in them, from `snake_case`, and parses each row. */
export function rowsOf<Row>(schema: z.ZodType<Row>, rows: unknown): Row[] {
  return rowList.parse(rows).map((row) => schema.parse(camelCased(row)))
}

/** The same for a statement that must return exactly one row. */
export function oneRow<Row>(schema: z.ZodType<Row>, rows: unknown): Row {
  const [row, ...others] = rowsOf(schema, rows)
  if (row === undefined || others.length > 0) throw new Error('Expected exactly one row')
  return row
}

function camelCased(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(camelCased)
  const renamed: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) renamed[camelName(key)] = camelCased(inner)
  return renamed
}

/** The names that have been seen: a day of the calendar has thousands of keys, and few names. */
const camelNames = new Map<string, string>()

function camelName(name: string): string {
  const known = camelNames.get(name)
  if (known !== undefined) return known
  const renamed = name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  camelNames.set(name, renamed)
  return renamed
}
