import { lazyRouteComponent } from '@tanstack/react-router'
import type { AppointmentView } from '@vetcita/contracts'
import { Suspense, useEffect, useState } from 'react'

export type Change = 'move' | 'cancel'

export interface DialogProps {
  /** As the page knows it now; undefined once it is no longer there. */
  appointment: AppointmentView | undefined
  isOpen: boolean
  onClose: () => void
  /** Told what to say when it is done. */
  onDone: (sentence: string) => void
}

const RescheduleDialog = lazyRouteComponent(() => import('./reschedule-dialog.tsx'), 'RescheduleDialog')
const CancelDialog = lazyRouteComponent(() => import('./cancel-dialog.tsx'), 'CancelDialog')

interface ChangeDialogsProps extends Omit<DialogProps, 'isOpen'> {
  open: Change | null
}

/** The two dialogs that change an appointment. They load after the page that offers them, before they are asked for. */
export function ChangeDialogs({ open, ...props }: ChangeDialogsProps) {
  const [isPageShown, setIsPageShown] = useState(false)
  useEffect(() => setIsPageShown(true), [])
  if (!isPageShown) return null
  return (
    <Suspense>
      <RescheduleDialog {...props} isOpen={open === 'move'} />
      <CancelDialog {...props} isOpen={open === 'cancel'} />
    </Suspense>
  )
}
