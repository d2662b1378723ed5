import { z } from 'zod'

/** The refusals of one SQL function, each a code of the database contract with a sentence for people. */
export function refusal<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z.object({ success: z.literal(false), error: z.enum(codes), message: z.string() })
}

/** One alternative per code, so that a check of `error` narrows. */
export type Refusal<Code extends string> = Code extends string
  ? { success: false; error: Code; message: string }
  : never

/** A statement that must answer with exactly one row. */
export function oneRow<Row>(schema: z.ZodType<Row>, rows: unknown): Row {
  const [row, ...others] = z.array(schema).parse(rows)
  if (row === undefined || others.length > 0) throw new Error('Expected exactly one row')
  return row
}
