import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'

export interface AppointmentActions {
  /** What most likely comes next; null where nothing can. */
  primary: AppointmentStatus | null
  /** The other statuses that the contract allows from here. */
  others: readonly AppointmentStatus[]
}

/** What comes next on an ordinary day. Who is already late is more likely to arrive than to confirm. */
function ordinaryNext(status: AppointmentStatus, hasStarted: boolean): AppointmentStatus | null {
  switch (status) {
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
 * The status changes to offer for an appointment: those the server listed, except that "no-show" waits for the start,
 * as the database contract has it.
 * @param now milliseconds since 1970
 */
export function appointmentActions(
  appointment: Pick<DayAppointment, 'status' | 'startTime' | 'nextStatuses'>,
  now: number,
): AppointmentActions {
  const hasStarted = Date.parse(appointment.startTime) <= now
  const allowed = appointment.nextStatuses.filter((status) => status !== 'no_show' || hasStarted)
  const next = ordinaryNext(appointment.status, hasStarted)
  const primary = next !== null && allowed.includes(next) ? next : null
  return { primary, others: allowed.filter((status) => status !== primary) }
}

/** The key of a change's label: two ways into the waiting room have words of their own. */
export function actionLabel(
  from: AppointmentStatus,
  to: AppointmentStatus,
): AppointmentStatus | 'backToWaiting' | 'lateAfterAll' {
  if (to !== 'checked_in') return to
  if (from === 'in_progress') return 'backToWaiting'
  return from === 'no_show' ? 'lateAfterAll' : to
}
