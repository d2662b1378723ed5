import {
  bookErrorCodes,
  bookSuccess,
  changeStatusErrorCodes,
  changeStatusSuccess,
  rescheduleErrorCodes,
  rescheduleSuccess,
  setNotesErrorCodes,
  setNotesSuccess,
} from '@vetcita/contracts'
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
  },
  answer: bookSuccess,
  codes: bookErrorCodes,
  moments: ['start_time', 'end_time'],
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

/** Writes the staff's notes about an appointment; empty notes take them away. */
export const setAppointmentNotes = defineFunction({
  name: 'set_appointment_notes',
  args: { appointmentId: 'uuid', notes: 'text', expectedNotes: 'text?' },
  answer: setNotesSuccess,
  codes: setNotesErrorCodes,
})
