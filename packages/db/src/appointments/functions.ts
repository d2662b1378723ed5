import {
  bookErrorCodes,
  bookSuccess,
  changeStatusErrorCodes,
  changeStatusSuccess,
  editErrorCodes,
  editSuccess,
  rescheduleErrorCodes,
  rescheduleSuccess,
  serviceChanged,
  setNotesErrorCodes,
  setNotesSuccess,
} from '@vetcita/contracts'
import { z } from 'zod'
import { defineFunction, performer } from '../sql/define-function.ts'

/** Books a slot. An owner's booking has the service's length; only staff may pass `durationMinutes` and `notes`. */
export const bookAppointment = defineFunction({
  name: 'book_appointment_atomic',
  actor: { p_tenant_id: 'tenantId', p_booked_by: 'userId' },
  args: {
    petId: 'uuid',
    serviceId: 'uuid',
    vetId: 'uuid',
    startTime: 'timestamptz',
    durationMinutes: 'integer?',
    reason: 'text?',
    notes: 'text?',
    idempotencyKey: 'text?',
    overrides: 'text[]?',
    expected: 'jsonb?',
  },
  answer: z.union([bookSuccess, serviceChanged]),
  codes: bookErrorCodes,
  moments: ['start_time', 'end_time', 'hold_expires_at'],
  repeatable: 'with-key',
})

/** Moves an appointment to another time, another vet or both; on any refusal nothing has moved. */
export const rescheduleAppointment = defineFunction({
  name: 'reschedule_appointment_atomic',
  actor: { ...performer, p_is_staff: 'isStaff' },
  args: {
    appointmentId: 'uuid',
    newStartTime: 'timestamptz',
    newVetId: 'uuid?',
    expectedVersion: 'integer?',
    overrides: 'text[]?',
  },
  answer: rescheduleSuccess,
  codes: rescheduleErrorCodes,
  moments: ['old_start_time', 'new_start_time', 'new_end_time'],
})

export const changeAppointmentStatus = defineFunction({
  name: 'change_appointment_status_atomic',
  actor: { ...performer, p_is_staff: 'isStaff' },
  args: { appointmentId: 'uuid', newStatus: 'text', reason: 'text?', expectedVersion: 'integer?' },
  answer: changeStatusSuccess,
  codes: changeStatusErrorCodes,
})

/** Corrects pet, service, length or reason, each of which `changes` may leave out; its keys are SQL's. */
export const editAppointment = defineFunction({
  name: 'edit_appointment_atomic',
  actor: { ...performer, p_is_staff: 'isStaff' },
  args: { appointmentId: 'uuid', changes: 'jsonb', expectedVersion: 'integer?' },
  answer: editSuccess,
  codes: editErrorCodes,
  moments: ['start_time', 'end_time'],
})

/** Writes the staff's notes about an appointment; empty notes take them away. */
export const setAppointmentNotes = defineFunction({
  name: 'set_appointment_notes',
  args: { appointmentId: 'uuid', notes: 'text', expectedNotes: 'text?' },
  answer: setNotesSuccess,
  codes: setNotesErrorCodes,
})
