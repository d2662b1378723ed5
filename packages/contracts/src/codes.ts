/**
 * The codes with which each database function refuses. A refusal is data: `{ success: false, error, message }`. A test
 * compares them with the sentences of `atomic_refusal` (packages/db/test/codes.test.ts).
 */
export const bookErrorCodes = [
  'INVALID_DURATION',
  'REASON_REQUIRED',
  'FORBIDDEN',
  'IDEMPOTENCY_KEY_REUSED',
  'PET_NOT_FOUND',
  'SERVICE_NOT_FOUND',
  'DESK_ONLY',
  'INVALID_TIME',
  'TOO_SOON',
  'TOO_FAR',
  'VET_NOT_FOUND',
  'VET_DOES_NOT_OFFER',
  'CLINIC_CLOSED',
  'OUTSIDE_HOURS',
  'VET_AWAY',
  'LIMIT_REACHED',
  'PET_BUSY',
  'SLOT_UNAVAILABLE',
  'SQUEEZE_INS_FULL',
] as const

export const rescheduleErrorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'REASON_REQUIRED',
  'INVALID_STATUS',
  'STALE_VERSION',
  'INVALID_TIME',
  'TOO_SOON',
  'TOO_FAR',
  'TOO_LATE',
  'VET_NOT_FOUND',
  'VET_DOES_NOT_OFFER',
  'CLINIC_CLOSED',
  'OUTSIDE_HOURS',
  'VET_AWAY',
  'PET_BUSY',
  'SLOT_UNAVAILABLE',
  'SQUEEZE_INS_FULL',
] as const

export const changeStatusErrorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'INVALID_TRANSITION',
  'STALE_VERSION',
  'TOO_EARLY',
  'TOO_LATE',
  'VET_AWAY',
  'PET_BUSY',
  'SLOT_UNAVAILABLE',
] as const

export const editErrorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'INVALID_CHANGES',
  'INVALID_STATUS',
  'STALE_VERSION',
  'INVALID_DURATION',
  'PET_NOT_FOUND',
  'SERVICE_NOT_FOUND',
  'TOO_LATE',
  'VET_DOES_NOT_OFFER',
  'VET_AWAY',
  'PET_BUSY',
  'SLOT_UNAVAILABLE',
] as const

export const setNotesErrorCodes = ['NOT_FOUND', 'FORBIDDEN', 'STALE_VERSION'] as const

export const mergeCartErrorCodes = ['INVALID_ITEMS', 'FORBIDDEN', 'CUSTOMER_NOT_FOUND'] as const

export const setCartItemErrorCodes = [...mergeCartErrorCodes, 'ITEM_NOT_FOUND'] as const

export const joinClinicErrorCodes = ['FORBIDDEN', 'CLINIC_NOT_FOUND', 'INVALID_NAME'] as const

export const createClientErrorCodes = ['FORBIDDEN', 'INVALID_NAME'] as const

export const addPetErrorCodes = ['FORBIDDEN', 'INVALID_NAME', 'CLIENT_NOT_FOUND'] as const

export const inviteClientErrorCodes = ['FORBIDDEN', 'CLIENT_NOT_FOUND', 'HAS_ACCOUNT'] as const

/** Opening the link of a claim or an invitation, without using it. */
export const readLinkErrorCodes = ['FORBIDDEN', 'LINK_INVALID', 'LINK_USED', 'LINK_EXPIRED'] as const

export const claimErrorCodes = [...readLinkErrorCodes, 'HAS_ACCOUNT'] as const

export const inviteStaffErrorCodes = ['FORBIDDEN', 'INVALID_ROLE', 'INVALID_NAME'] as const

export const revokeInviteErrorCodes = ['FORBIDDEN', 'LINK_USED'] as const

export const acceptInviteErrorCodes = [...readLinkErrorCodes, 'INVALID_NAME', 'ALREADY_STAFF'] as const

export const setRoleErrorCodes = [
  'FORBIDDEN',
  'INVALID_ROLE',
  'STAFF_NOT_FOUND',
  'LAST_ADMIN',
  'HAS_APPOINTMENTS',
] as const

export const setHoursErrorCodes = ['FORBIDDEN', 'INVALID_HOURS', 'VET_NOT_FOUND'] as const

export const explainSlotErrorCodes = [
  'FORBIDDEN',
  'INVALID_DURATION',
  'PET_NOT_FOUND',
  'SERVICE_NOT_FOUND',
] as const

export const addClosureErrorCodes = ['FORBIDDEN', 'INVALID_NAME', 'INVALID_TIME'] as const

export const removeClosureErrorCodes = ['FORBIDDEN'] as const

export const setServiceVetsErrorCodes = ['FORBIDDEN', 'SERVICE_NOT_FOUND', 'VET_NOT_FOUND'] as const

/** Every code that `atomic_refusal` has a sentence for. */
export const refusalCodes = [
  ...new Set([
    ...bookErrorCodes,
    // of a booking, too; it carries what the service is now
    'SERVICE_CHANGED' as const,
    ...rescheduleErrorCodes,
    ...changeStatusErrorCodes,
    ...editErrorCodes,
    ...setNotesErrorCodes,
    ...setCartItemErrorCodes,
    ...joinClinicErrorCodes,
    ...createClientErrorCodes,
    ...addPetErrorCodes,
    ...inviteClientErrorCodes,
    ...claimErrorCodes,
    ...inviteStaffErrorCodes,
    ...revokeInviteErrorCodes,
    ...acceptInviteErrorCodes,
    ...setRoleErrorCodes,
    ...setHoursErrorCodes,
    ...explainSlotErrorCodes,
    ...addClosureErrorCodes,
    ...removeClosureErrorCodes,
    ...setServiceVetsErrorCodes,
  ]),
]

/** Refusals of the API itself, for rules that no function keeps. */
export const apiRefusalCodes = ['UNKNOWN_TIME_ZONE'] as const

/** Every code of a refusal. */
export type RefusalCode = (typeof refusalCodes)[number] | (typeof apiRefusalCodes)[number]

/**
 * Why a procedure failed with an error, if the tRPC code alone does not say. It is in `data.reason`:
 * - CLINIC_MISSING, CLINIC_NOT_FOUND: the request named no clinic, or one that does not exist
 * - NOT_A_MEMBER: signed in, but without a profile at this clinic (`clinic.join` makes one)
 * - NOT_STAFF: the profile at this clinic is a pet owner's
 * - NOT_ADMIN: staff, but no admin of this clinic
 * - FORBIDDEN: the database refused the caller
 * - NOT_FOUND: the appointment to move does not exist for the caller
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

/** What an error has in addition to tRPC's own `code`, `httpStatus` and `path`. */
export type ErrorDetails = {
  reason: ErrorReason | null
  /** May the same call be sent again and succeed? For a booking: with the same idempotency key. */
  retryable: boolean
  fields: ReadonlyArray<{ path: string; message: string }>
}
