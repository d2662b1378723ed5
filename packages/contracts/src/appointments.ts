import { z } from 'zod'
import { slot } from './slots.ts'
import { failure, id, idempotencyKey, instant, localDate, localTime, text } from './values.ts'

export const appointmentStatuses = [
  'scheduled',
  'confirmed',
  'checked_in',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const

export const appointmentStatus = z.enum(appointmentStatuses)
export type AppointmentStatus = z.infer<typeof appointmentStatus>

/** Where staff may take an appointment from each status, as the database contract lists it. */
export const staffTransitions: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  scheduled: ['confirmed', 'checked_in', 'cancelled', 'no_show'],
  confirmed: ['checked_in', 'cancelled', 'no_show'],
  checked_in: ['in_progress', 'cancelled', 'no_show'],
  in_progress: ['completed', 'checked_in'],
  completed: [],
  cancelled: [],
  no_show: ['checked_in'],
}

/** Only these can be moved to another time or vet. */
export const movableStatuses: readonly AppointmentStatus[] = ['scheduled', 'confirmed']

export const bookErrorCodes = [
  'INVALID_DURATION',
  'FORBIDDEN',
  'PET_NOT_FOUND',
  'SERVICE_NOT_FOUND',
  'INVALID_TIME',
  'VET_NOT_FOUND',
  'OUTSIDE_HOURS',
  'VET_AWAY',
  'SLOT_UNAVAILABLE',
  'IDEMPOTENCY_KEY_REUSED',
] as const

export const rescheduleErrorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'INVALID_STATUS',
  'STALE_VERSION',
  'INVALID_TIME',
  'TOO_LATE',
  'VET_NOT_FOUND',
  'OUTSIDE_HOURS',
  'VET_AWAY',
  'SLOT_UNAVAILABLE',
] as const

export const changeStatusErrorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'INVALID_TRANSITION',
  'STALE_VERSION',
  'TOO_LATE',
  'SLOT_UNAVAILABLE',
] as const

export type BookErrorCode = (typeof bookErrorCodes)[number]
export type RescheduleErrorCode = (typeof rescheduleErrorCodes)[number]
export type ChangeStatusErrorCode = (typeof changeStatusErrorCodes)[number]

/**
 * A booking. `durationMinutes` is for staff; an owner gets the service's length. `anyVet` says that the user picked
 * "any vet" before a time made it a certain one: if that time is gone, the suggestions may then name other vets.
 */
export const bookInput = z.object({
  petId: id,
  serviceId: id,
  vetId: id,
  startTime: instant,
  durationMinutes: z.int().min(5).max(480).optional(),
  reason: text(500).optional(),
  notes: text(2000).optional(),
  idempotencyKey,
  anyVet: z.boolean().default(false),
})

/** `replayed` is true when this key had already booked it: the appointment as it is now, nothing new. */
export const bookSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  startTime: instant,
  endTime: instant,
  localDate,
  localTime,
  status: appointmentStatus,
  version: z.int(),
  replayed: z.boolean(),
})

export const rescheduleInput = z.object({
  appointmentId: id,
  newStartTime: instant,
  newVetId: id.optional(),
  expectedVersion: z.int().min(1).max(2_147_483_647).optional(),
  anyVet: z.boolean().default(false),
})

/** `replayed` is true when the appointment already stood at that time with that vet. */
export const rescheduleSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  oldStartTime: instant,
  newStartTime: instant,
  newEndTime: instant,
  localDate,
  localTime,
  vetId: id,
  status: appointmentStatus,
  version: z.int(),
  replayed: z.boolean(),
})

export const changeStatusInput = z.object({
  appointmentId: id,
  newStatus: appointmentStatus,
  reason: text(500).optional(),
  expectedVersion: z.int().min(1).max(2_147_483_647).optional(),
})

/** `replayed` is true when the appointment already had that status. */
export const changeStatusSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  oldStatus: appointmentStatus,
  status: appointmentStatus,
  version: z.int(),
  replayed: z.boolean(),
})

/** The slot is gone; `suggestions` are up to three free starts nearest to the wished time, the nearest first. */
export const slotUnavailable = failure(['SLOT_UNAVAILABLE']).extend({ suggestions: z.array(slot).max(3) })

/** The vet is away at that time; with suggestions likewise. */
export const vetAway = failure(['VET_AWAY']).extend({ suggestions: z.array(slot).max(3) })

/** What the API answers. FORBIDDEN is not among the refusals: it reaches a client as an error. */
export const bookResult = z.union([
  bookSuccess,
  slotUnavailable,
  vetAway,
  failure([
    'INVALID_DURATION',
    'PET_NOT_FOUND',
    'SERVICE_NOT_FOUND',
    'INVALID_TIME',
    'VET_NOT_FOUND',
    'OUTSIDE_HOURS',
    'IDEMPOTENCY_KEY_REUSED',
  ]),
])

export const rescheduleResult = z.union([
  rescheduleSuccess,
  slotUnavailable,
  vetAway,
  failure([
    'NOT_FOUND',
    'INVALID_STATUS',
    'STALE_VERSION',
    'INVALID_TIME',
    'TOO_LATE',
    'VET_NOT_FOUND',
    'OUTSIDE_HOURS',
  ]),
])

export const changeStatusResult = z.union([
  changeStatusSuccess,
  failure(['NOT_FOUND', 'INVALID_TRANSITION', 'STALE_VERSION', 'TOO_LATE', 'SLOT_UNAVAILABLE']),
])

export type BookInput = z.input<typeof bookInput>
export type BookSuccess = z.infer<typeof bookSuccess>
export type BookResult = z.infer<typeof bookResult>
export type RescheduleInput = z.input<typeof rescheduleInput>
export type RescheduleSuccess = z.infer<typeof rescheduleSuccess>
export type RescheduleResult = z.infer<typeof rescheduleResult>
export type ChangeStatusInput = z.input<typeof changeStatusInput>
export type ChangeStatusSuccess = z.infer<typeof changeStatusSuccess>
export type ChangeStatusResult = z.infer<typeof changeStatusResult>

/**
 * An appointment as its owner sees it; all `local…` are the clinic's wall time. A vet's or service's name is null
 * where the clinic no longer shows it. `canMove` and `canCancel` say what the owner could do when this was read.
 */
export const appointmentView = z.object({
  id,
  status: appointmentStatus,
  version: z.int(),
  startTime: instant,
  endTime: instant,
  localDate,
  localTime,
  localEndTime: localTime,
  pet: z.object({ id, name: z.string(), species: z.string() }),
  service: z.object({ id, name: z.string().nullable() }),
  vet: z.object({ id, fullName: z.string().nullable() }),
  reason: z.string().nullable(),
  cancellationReason: z.string().nullable(),
  canMove: z.boolean(),
  canCancel: z.boolean(),
})

/** Where a page ended, as the page before it said in `nextCursor`. */
const pageCursor = z.string().refine(
  (value) => {
    const [at, after, ...rest] = value.split('_')
    return instant.safeParse(at).success && id.safeParse(after).success && rest.length === 0
  },
  { message: 'Not a cursor of this list' },
)

export const mineInput = z.object({
  when: z.enum(['upcoming', 'past']),
  limit: z.int().min(1).max(100).default(20),
  cursor: pageCursor.optional(),
})

/** Upcoming: the soonest first. Past: the latest first. `nextCursor` is null on the last page. */
export const mineResult = z.object({ items: z.array(appointmentView), nextCursor: z.string().nullable() })

export type AppointmentView = z.infer<typeof appointmentView>
export type MineInput = z.input<typeof mineInput>
export type MineResult = z.infer<typeof mineResult>
