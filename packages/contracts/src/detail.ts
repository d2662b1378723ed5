import { z } from 'zod'
import { appointmentStatus, appointmentView, slotOverride } from './appointments.ts'
import { role } from './clinic.ts'
import { setNotesErrorCodes } from './codes.ts'
import { limits } from './limits.ts'
import { id, instant, refusal, text } from './values.ts'

/** An appointment before or after an event. Pet, service and reason are known of edits alone; a name that the reader may not see is null. */
const snapshot = z.object({
  startTime: instant,
  vet: z.object({ id, fullName: z.string().nullable() }),
  status: appointmentStatus,
  endTime: instant.nullable(),
  petName: z.string().nullable(),
  serviceName: z.string().nullable(),
  reason: z.string().nullable(),
})

/**
 * One change of an appointment. `by` is who made it, null if the writer did not say; its name is null if the reader may not
 * see it, and the role is shown instead. `from` is null for the booking, and both snapshots are null for `notes_changed`,
 * which only staff see.
 */
export const appointmentEvent = z.object({
  id,
  event: z.enum(['booked', 'rescheduled', 'status_changed', 'edited', 'notes_changed']),
  at: instant,
  by: z.object({ you: z.boolean(), role: role.nullable(), fullName: z.string().nullable() }).nullable(),
  from: snapshot.nullable(),
  to: snapshot.nullable(),
  /** Why it was cancelled. */
  reason: z.string().nullable(),
  /** The rules that staff set aside for the time; none for a pet owner. */
  overrides: z.array(slotOverride),
})

export const detailInput = z.object({ appointmentId: id })

/**
 * One appointment with its history, the oldest change first, for its pet owner and for staff. What only staff may see
 * (`notes`, `owner`, `nextStatuses`) is null for a pet owner, whose history has no changes of notes either. `canMove` and
 * `canCancel` are about the reader; `moveUntil` and `cancelUntil` say until when, for a pet owner who may. Price and
 * currency are those of the booking, null for an appointment from before prices were kept.
 * `stepBack` is the status that staff may take it back to now, null if there is none.
 */
export const appointmentDetail = appointmentView.extend({
  notes: z.string().nullable(),
  owner: z
    .object({
      id,
      fullName: z.string().nullable(),
      phone: z.string().nullable(),
      email: z.string().nullable(),
    })
    .nullable(),
  service: z.object({
    id,
    name: z.string().nullable(),
    durationMinutes: z.int(),
    price: z.number().nullable(),
  }),
  busyUntil: instant,
  statusSince: instant,
  moveUntil: instant.nullable(),
  cancelUntil: instant.nullable(),
  timeZone: z.string(),
  currency: z.string(),
  nextStatuses: z.array(appointmentStatus).nullable(),
  stepBack: appointmentStatus.nullable(),
  history: z.array(appointmentEvent),
})

export const detailResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), appointment: appointmentDetail }),
  refusal(['NOT_FOUND']),
])

/** `expectedNotes` are the notes that the user saw, empty for none; STALE_VERSION if there are others by now. */
export const setNotesInput = z.object({
  appointmentId: id,
  notes: text(limits.appointmentNotes),
  expectedNotes: text(limits.appointmentNotes).optional(),
})

export const setNotesSuccess = z.object({
  success: z.literal(true),
  appointmentId: id,
  notes: z.string().nullable(),
})

export const setNotesResult = z.discriminatedUnion('success', [setNotesSuccess, refusal(setNotesErrorCodes)])

export type AppointmentEvent = z.infer<typeof appointmentEvent>
export type AppointmentDetail = z.infer<typeof appointmentDetail>
