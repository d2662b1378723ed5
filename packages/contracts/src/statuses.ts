export const appointmentStatuses = [
  'held',
  'scheduled',
  'confirmed',
  'checked_in',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const

export type AppointmentStatus = (typeof appointmentStatuses)[number]

/** Where staff may take an appointment from each status, as the database contract lists it. */
export const staffTransitions: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  held: ['scheduled', 'cancelled'],
  scheduled: ['confirmed', 'checked_in', 'cancelled', 'no_show'],
  confirmed: ['checked_in', 'cancelled', 'no_show'],
  checked_in: ['in_progress', 'cancelled', 'no_show'],
  in_progress: ['completed', 'checked_in'],
  completed: [],
  cancelled: [],
  no_show: ['checked_in'],
}
