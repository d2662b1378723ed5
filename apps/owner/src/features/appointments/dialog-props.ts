import type { AppointmentView } from '@vetcita/contracts'

/** The props of a dialog that changes an appointment. */
export interface DialogProps {
  /** Up to date, including changes by the clinic. */
  appointment: AppointmentView | undefined
  isOpen: boolean
  onClose: () => void
  /** Called after the change, with the sentence that reports it. */
  onDone: (sentence: string) => void
}
