import { z } from 'zod'

/** Renames the keys of rows and of the JSON in them from `snake_case`, and parses each row. */
export function rowsOf<Row>(schema: z.ZodType<Row>, rows: unknown): Row[] {
  return z.array(schema).parse(camelCased(rows))
}

/** The same for a statement that must answer with exactly one row. */
export function oneRow<Row>(schema: z.ZodType<Row>, rows: unknown): Row {
  const [row] = z.tuple([schema]).parse(camelCased(rows))
  return row
}

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  )
}
