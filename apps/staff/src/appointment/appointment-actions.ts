import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'

export interface AppointmentActions {
  /** The most likely next status, or null if none is allowed. */
  primary: AppointmentStatus | null
  /** The other allowed statuses. */
  others: readonly AppointmentStatus[]
}

/** The usual next status. Once the start has passed, arriving is more likely than confirming. */
function usualNext(status: AppointmentStatus, hasStarted: boolean): AppointmentStatus | null {
  switch (status) {
    case 'held':
      return 'scheduled'
    case 'scheduled':
      return hasStarted ? 'checked_in' : 'confirmed'
    case 'confirmed':
    case 'no_show':
      return 'checked_in'
    case 'checked_in':
      return 'in_progress'
    case 'in_progress':
      return 'completed'
    case 'completed':
    case 'cancelled':
      return null
  }
}

/**
 * Returns the status changes to offer for an appointment: those that the server listed, without "no-show" before the
 * start, when the database would refuse it.
 * @param now milliseconds since 1970
 */
export function appointmentActions(
  appointment: Pick<DayAppointment, 'status' | 'startTime' | 'nextStatuses'>,
  now: number,
): AppointmentActions {
  const hasStarted = Date.parse(appointment.startTime) <= now
  const allowed = appointment.nextStatuses.filter((status) => status !== 'no_show' || hasStarted)
  const next = usualNext(appointment.status, hasStarted)
  const primary = next !== null && allowed.includes(next) ? next : null
  return { primary, others: allowed.filter((status) => status !== primary) }
}

/** Returns the text key of a status change. Coming back to the waiting room has labels of its own. */
export function actionLabel(
  from: AppointmentStatus,
  to: AppointmentStatus,
): AppointmentStatus | 'accept' | 'decline' | 'backToWaiting' | 'lateAfterAll' {
  if (from === 'held' && to === 'scheduled') return 'accept'
  if (from === 'held' && to === 'cancelled') return 'decline'
  if (to !== 'checked_in') return to
  if (from === 'in_progress') return 'backToWaiting'
  return from === 'no_show' ? 'lateAfterAll' : to
}
