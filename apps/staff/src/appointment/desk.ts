import type { DayAppointment } from '@vetcita/contracts'
import type { StatusChanges } from './use-status-changes.ts'

/** What can be done with an appointment from any page that shows some. */
export interface Desk {
  /** Milliseconds since 1970, moving on every half minute. */
  now: number
  changes: StatusChanges
  /** Shows it with everything that is known of it. */
  open: (appointment: DayAppointment) => void
  move: (appointment: DayAppointment) => void
  cancel: (appointment: DayAppointment) => void
}
