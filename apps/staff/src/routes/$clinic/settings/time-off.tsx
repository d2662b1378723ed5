import { createFileRoute } from '@tanstack/react-router'
import type { Visit } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { ErrorState } from '@vetcita/ui'
import { useState } from 'react'
import { useSchedule } from '../../../appointment/use-schedule.ts'
import { AppointmentDialogs } from '../../../features/appointment/appointment-dialogs.tsx'
import { TimeOffTab } from '../../../features/settings/time-off-tab.tsx'
import { useClinic } from '../../../session/use-clinic.ts'

export const Route = createFileRoute('/$clinic/settings/time-off')({ component: TimeOff })

/** The list of time off. Appointments inside one open on this page, and leave the list when they are moved. */
function TimeOff() {
  const { clinic } = Route.useParams()
  const [visit, setVisit] = useState<Visit | null>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {visit === null ? null : (
        <VisitDialogs
          key={visit.id}
          clinic={clinic}
          visit={visit}
          isOpen={isOpen}
          onClose={() => setOpen(false)}
        />
      )}
      <TimeOffTab
        today={useClinic()?.today}
        onOpen={(chosen) => {
          setVisit(chosen)
          setOpen(true)
        }}
      />
    </>
  )
}

interface VisitDialogsProps {
  clinic: string
  visit: Visit
  isOpen: boolean
  onClose: () => void
}

/** Stays mounted when the drawer closes, to report a move and to give the focus back. */
function VisitDialogs({ clinic, visit, isOpen, onClose }: VisitDialogsProps) {
  const { data, error, refetch } = useSchedule({
    view: 'day',
    date: dateOf(visit.startTime),
    vetId: undefined,
  })
  if (data === undefined && error !== null) return <ErrorState error={error} onRetry={() => refetch()} />
  return (
    <AppointmentDialogs
      clinic={clinic}
      schedule={data}
      openId={isOpen ? visit.id : undefined}
      onOpen={(id) => {
        if (id === undefined) onClose()
      }}
    >
      {() => null}
    </AppointmentDialogs>
  )
}
