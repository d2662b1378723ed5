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
  if (Array.isArray(value)) return value.map(camelCased)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  )
}
