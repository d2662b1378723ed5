import { z } from 'zod'
import { bookErrorCodes, changeStatusErrorCodes, editErrorCodes, rescheduleErrorCodes } from './codes.ts'
import { limits } from './limits.ts'
import { slot } from './slots.ts'
import { appointmentStatuses } from './statuses.ts'
import { id, idempotencyKey, instant, refusal, text, version, within } from './values.ts'

export const appointmentStatus = z.enum(appointmentStatuses)

/** Rules that staff may set aside for one appointment; a squeeze-in needs a reason. */
export const slotOverride = z.enum(['pet_busy', 'closed', 'services', 'squeeze_in'])

/**
 * A booking. Only staff may pass `durationMinutes`, `notes` and `overrides`; a pet owner's booking has the service's
 * length. `expected` is what the page showed: if the service differs by now, nothing is booked (SERVICE_CHANGED). `anyVet`
 * says that the user has no preference for `vetId`: if the time is taken, the suggestions may name other vets.
 */
export const bookInput = z.object({
  petId: id,
  serviceId: id,
  vetId: id,
  startTime: instant,
  durationMinutes: within(limits.serviceDuration).optional(),
  reason: text(limits.appointmentReason).optional(),
  notes: text(limits.appointmentNotes).optional(),
  overrides: z.array(slotOverride).max(4).optional(),
  expected: z.object({ durationMinutes: z.int(), price: z.number() }).partial().optional(),
  idempotencyKey,
  anyVet: z.boolean().default(false),
})

/** What was agreed: price and currency are null for appointments from before prices were kept. */
const agreed = { durationMinutes: z.int(), price: z.number().nullable(), currency: z.string().nullable() }

/**
 * `replayed`: this key had already booked it, and this is the appointment as it is now. `holdExpiresAt`: of a held one,
 * until when it keeps its time for the clinic's answer.
 */
export const bookSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  startTime: instant,
  endTime: instant,
  status: appointmentStatus,
  version,
  ...agreed,
  holdExpiresAt: instant.optional(),
  replayed: z.boolean(),
})

export const rescheduleInput = z.object({
  appointmentId: id,
  newStartTime: instant,
  newVetId: id.optional(),
  expectedVersion: version.optional(),
  overrides: z.array(slotOverride).max(4).optional(),
  anyVet: z.boolean().default(false),
})

/** `replayed`: the appointment already had that time and vet. */
export const rescheduleSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  oldStartTime: instant,
  newStartTime: instant,
  newEndTime: instant,
  vetId: id,
  status: appointmentStatus,
  version,
  ...agreed,
  replayed: z.boolean(),
})

export const changeStatusInput = z.object({
  appointmentId: id,
  newStatus: appointmentStatus,
  reason: text(limits.appointmentReason).optional(),
  expectedVersion: version.optional(),
})

/** `replayed`: the appointment already had that status. */
export const changeStatusSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  oldStatus: appointmentStatus,
  status: appointmentStatus,
  version,
  replayed: z.boolean(),
})

/** What is left out stays. A pet owner may change the reason of their own alone; empty for none. */
export const editInput = z.object({
  appointmentId: id,
  petId: id.optional(),
  serviceId: id.optional(),
  durationMinutes: within(limits.serviceDuration).optional(),
  reason: text(limits.appointmentReason).optional(),
  expectedVersion: version.optional(),
})

/** `replayed`: there was nothing to change. */
export const editSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  petId: id,
  serviceId: id,
  startTime: instant,
  endTime: instant,
  reason: z.string().nullable(),
  status: appointmentStatus,
  version,
  ...agreed,
  replayed: z.boolean(),
})

export const editResult = z.discriminatedUnion('success', [editSuccess, refusal(editErrorCodes)])

/** The slot is taken; `suggestions` are up to three free starts nearest to the requested time, the nearest first. */
const slotUnavailable = refusal(['SLOT_UNAVAILABLE']).extend({ suggestions: z.array(slot).max(3) })

/** The vet is away at that time, or the clinic is closed; with the same suggestions. */
const away = refusal(['VET_AWAY', 'CLINIC_CLOSED']).extend({ suggestions: z.array(slot).max(3) })

/** The service is not what the page showed; with what it is now. Nothing was booked. */
export const serviceChanged = refusal(['SERVICE_CHANGED']).extend({
  durationMinutes: z.int(),
  price: z.number(),
  currency: z.string(),
})

/** What the API answers. FORBIDDEN is not a refusal here: it reaches a client as an error. */
export const bookResult = z.union([
  bookSuccess,
  slotUnavailable,
  away,
  serviceChanged,
  refusal(bookErrorCodes, ['SLOT_UNAVAILABLE', 'VET_AWAY', 'CLINIC_CLOSED']),
])

export const rescheduleResult = z.union([
  rescheduleSuccess,
  slotUnavailable,
  away,
  refusal(rescheduleErrorCodes, ['SLOT_UNAVAILABLE', 'VET_AWAY', 'CLINIC_CLOSED']),
])

export const changeStatusResult = z.union([changeStatusSuccess, refusal(changeStatusErrorCodes)])

export type SlotOverride = z.infer<typeof slotOverride>
export type BookSuccess = z.infer<typeof bookSuccess>
export type BookResult = z.infer<typeof bookResult>
export type RescheduleInput = z.input<typeof rescheduleInput>
export type RescheduleSuccess = z.infer<typeof rescheduleSuccess>
export type RescheduleResult = z.infer<typeof rescheduleResult>

/**
 * An appointment as its pet owner sees it. The service's name is the one that was booked; a vet's is null if the clinic no
 * longer shows it. `canMove` and `canCancel` say what the reader could do when this was read. `holdExpiresAt`: of a held one,
 * until when it keeps its time for the clinic's answer.
 */
export const appointmentView = z.object({
  id,
  status: appointmentStatus,
  version,
  startTime: instant,
  endTime: instant,
  pet: z.object({ id, name: z.string(), species: z.string() }),
  service: z.object({ id, name: z.string().nullable() }),
  vet: z.object({ id, fullName: z.string().nullable() }),
  reason: z.string().nullable(),
  cancellationReason: z.string().nullable(),
  holdExpiresAt: instant.nullable(),
  canMove: z.boolean(),
  canCancel: z.boolean(),
})

/** The `nextCursor` of the page before. */
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
export type MineResult = z.infer<typeof mineResult>
