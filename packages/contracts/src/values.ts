import { z } from 'zod'
import { limits } from './limits.ts'
import { clinicSlugPattern, plainPattern } from './patterns.ts'

/** A row's id, as `uuidPattern` has it. */
export const id = z.guid()

/** An appointment's version, PostgreSQL's `integer`. */
export const version = z.int().min(1).max(2_147_483_647)

/** A whole number within bounds, both included. */
export function within({ min, max }: { min: number; max: number }) {
  return z.int().min(min).max(max)
}

/** A clinic's slug, the `tenants.id` of the database contract. */
export const clinicSlug = z.string().regex(clinicSlugPattern)

/**
 * An instant as an ISO 8601 string with `Z` or an offset. Whether it makes sense (past, year 9999) is for the database
 * to judge; here it need only be one: PostgreSQL knows no year 0, and no clock on earth is more than 14 hours off.
 */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((value) => !value.startsWith('0000'), { message: 'The year 0000 does not exist' })
  .refine((value) => /(Z|[+-](0\d:[0-5]\d|1[0-3]:[0-5]\d|14:00))$/.test(value), { message: 'No such offset' })

/** A calendar date of the clinic, `YYYY-MM-DD`. */
export const calendarDate = z.iso.date()

/** A date of the clinic that may be looked up. */
export const searchDate = calendarDate.refine((value) => value >= '1970-01-01' && value < '3000-01-01', {
  message: 'Must lie between 1970 and 2999',
})

/** The clinic's wall clock, `HH:MM` in 24 hours. */
export const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** As `wallTime`, or `24:00` for a day that closes at midnight. */
export const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)

/**
 * Text that a person typed, trimmed. PostgreSQL stores neither NUL nor half a surrogate pair, so both are refused
 * here with a field name and not there with an error.
 */
export function text(maxLength: number) {
  return z
    .string()
    .trim()
    .max(maxLength)
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), {
      message: 'Unprintable characters',
    })
}

/** As `text`, on one line and without characters that nobody sees, as `plainPattern` has it. */
export function line(maxLength: number) {
  return text(maxLength).refine((value) => plainPattern.test(value), { message: 'Unprintable characters' })
}

/** A phone number as a person writes it. PostgreSQL counts characters, JavaScript counts some of them twice. */
export const phone = line(limits.phone.max).refine((value) => [...value].length >= limits.phone.min, {
  message: 'Too short',
})

/** A name or something like it: as `line`, and not empty after trimming. */
export function requiredText(maxLength: number) {
  return line(maxLength).refine((value) => value.length > 0, { message: 'May not be empty' })
}

/** One key per intent of the user, sent again unchanged with every retry. */
export const idempotencyKey = z
  .string()
  .min(8)
  .max(100)
  .regex(/^[A-Za-z0-9._:-]+$/)

/**
 * The shape of a refusal: the code is for programs, the message (Spanish) for people. FORBIDDEN is never one: it
 * reaches a client as an error.
 * @param codes the codes of a database function, or of the API
 * @param apart codes that have a shape of their own
 */
export function refusal<const Codes extends readonly string[], const Apart extends Codes[number] = never>(
  codes: Codes,
  apart: readonly Apart[] = [],
) {
  type Shown = Exclude<Codes[number], Apart | 'FORBIDDEN'>
  const isShown = (code: string): code is Shown =>
    code !== 'FORBIDDEN' && !apart.some((other) => other === code)
  return z.object({ success: z.literal(false), error: z.enum(codes.filter(isShown)), message: z.string() })
}
