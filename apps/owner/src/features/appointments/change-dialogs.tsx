import { Alert, Stack } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { AppointmentView } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { Suspense, useEffect, useState } from 'react'
import { CalendarLink } from '../../appointment/calendar-link.tsx'

export type Change = 'move' | 'cancel'

const RescheduleDialog = lazyRouteComponent(() => import('./reschedule-dialog.tsx'), 'RescheduleDialog')
const CancelDialog = lazyRouteComponent(() => import('./cancel-dialog.tsx'), 'CancelDialog')

interface Opened {
  appointment: AppointmentView
  change: Change
}

interface Done {
  sentence: string
  appointmentId: string
  change: Change
}

/** Holds which change is requested and the outcome of the last one. */
export function useChanges() {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [done, setDone] = useState<Done | null>(null)
  return {
    done,
    ask: (appointment: AppointmentView, change: Change) => setOpened({ appointment, change }),
    dialogs: {
      opened,
      onClose: () => setOpened(null),
      onDone: (sentence: string) => {
        if (opened !== null) {
          setDone({ sentence, appointmentId: opened.appointment.id, change: opened.change })
        }
        setOpened(null)
      },
    },
  }
}

type ChangeDialogsProps = ReturnType<typeof useChanges>['dialogs']

/**
 * The two dialogs that change an appointment. They load after the page, before they are opened. Neither shows a change
 * before the server has made it: no one may be shown a time that is not theirs.
 */
export function ChangeDialogs({ opened, onClose, onDone }: ChangeDialogsProps) {
  const trpc = useTRPC()
  const [isPageShown, setIsPageShown] = useState(false)
  useEffect(() => setIsPageShown(true), [])
  // keeps the content of a dialog while it closes
  const [last, setLast] = useState(opened)
  if (opened !== null && opened !== last) setLast(opened)
  const detail = useQuery(
    trpc.appointments.detail.queryOptions(
      { appointmentId: last?.appointment.id ?? '' },
      { enabled: opened !== null, staleTime: 0 },
    ),
  )
  if (!isPageShown) return null
  const appointment = detail.data?.success ? detail.data.appointment : last?.appointment
  const props = { appointment, onClose, onDone }
  return (
    <Suspense>
      <RescheduleDialog {...props} isOpen={opened?.change === 'move'} />
      <CancelDialog {...props} isOpen={opened?.change === 'cancel'} />
    </Suspense>
  )
}

/** The outcome of the last change, with the link that updates the user's calendar. */
export function ChangeOutcome({ done }: { done: Done | null }) {
  return (
    <div role="status">
      {done === null ? null : (
        <Alert role="group" color="petrol" icon={<IconCircleCheck aria-hidden />}>
          <Stack gap="sm" align="flex-start">
            {done.sentence}
            <CalendarLink
              appointmentId={done.appointmentId}
              what={done.change === 'move' ? 'update' : 'remove'}
              size="sm"
            />
          </Stack>
        </Alert>
      )}
    </div>
  )
}
