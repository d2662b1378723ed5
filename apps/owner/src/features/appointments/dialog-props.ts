import type { AppointmentView } from '@vetcita/contracts'

/** What a dialog that changes an appointment is given. */
export interface DialogProps {
  /** As it is now, changes by the clinic included. */
  appointment: AppointmentView | undefined
  isOpen: boolean
  onClose: () => void
  /** Called when the change is made, with the sentence that says so. */
  onDone: (sentence: string) => void
}
