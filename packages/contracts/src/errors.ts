/**
 * Why a procedure failed with an error, where the tRPC code alone does not say. It stands in `data.reason`:
 * - CLINIC_MISSING, CLINIC_NOT_FOUND: the request named no clinic, or one that does not exist
 * - NOT_A_MEMBER: signed in, but without a profile at this clinic (`clinic.join` makes one)
 * - NOT_STAFF: the profile at this clinic is an owner's
 * - NOT_ADMIN: staff, but no admin of this clinic
 * - FORBIDDEN: the database refused the caller
 * - NOT_FOUND: the appointment whose move was asked about does not exist for the caller
 * - INVALID_INPUT: `data.fields` says which
 * - DATABASE_UNAVAILABLE, BUSY: nothing is known to have happened; try again in a moment
 * - FUNCTION_MISSING: the database lacks a migration
 */
export const errorReasons = [
  'CLINIC_MISSING',
  'CLINIC_NOT_FOUND',
  'NOT_A_MEMBER',
  'NOT_STAFF',
  'NOT_ADMIN',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_INPUT',
  'DATABASE_UNAVAILABLE',
  'BUSY',
  'FUNCTION_MISSING',
] as const

export type ErrorReason = (typeof errorReasons)[number]

/** What an error carries beside tRPC's own `code`, `httpStatus` and `path`. */
export type ErrorDetails = {
  reason: ErrorReason | null
  /** May the same call be sent again and succeed? For a booking: with the same idempotency key. */
  retryable: boolean
  fields: ReadonlyArray<{ path: string; message: string }>
}
