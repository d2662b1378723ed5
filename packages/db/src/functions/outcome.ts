import { z } from 'zod'

/** The refusals of one SQL function, each a code of the database contract with a sentence for people. */
export function refusal<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z.object({ success: z.literal(false), error: z.enum(codes), message: z.string() })
}

export type Refusal<Code extends string> = { success: false; error: Code; message: string }

/** A statement that must answer with exactly one row. */
export function oneRow<Schema extends z.ZodType>(schema: Schema, rows: unknown): z.output<Schema> {
  const [row] = z.tuple([schema]).parse(rows)
  return row
}
