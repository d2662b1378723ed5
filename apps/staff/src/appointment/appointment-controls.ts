import type { DayAppointment } from '@vetcita/contracts'
import type { StatusChanges } from './use-status-changes.ts'

/** What any page can do with the appointments that it shows. */
export interface AppointmentControls {
  /** The present time in milliseconds since 1970, updated every half minute. */
  now: number
  changes: StatusChanges
  /** Opens the drawer with the appointment's details. */
  open: (appointment: DayAppointment) => void
  move: (appointment: DayAppointment) => void
  cancel: (appointment: DayAppointment) => void
  /** Opens the dialog that corrects pet, service, length or reason. */
  edit: (appointment: DayAppointment) => void
}
