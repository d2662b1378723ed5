import { createFileRoute } from '@tanstack/react-router'
import type { Visit } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { ErrorState } from '@vetcita/ui'
import { useState } from 'react'
import { useSchedule } from '../../../appointment/use-schedule.ts'
import { AppointmentDesk } from '../../../features/appointment/appointment-desk.tsx'
import { TimeOffTab } from '../../../features/settings/time-off-tab.tsx'
import { useClinic } from '../../../session/use-clinic.ts'

export const Route = createFileRoute('/$clinic/settings/time-off')({ component: TimeOff })

/** Time off, with the appointments inside it: each is opened where it is listed, and leaves the list when it is moved. */
function TimeOff() {
  const { clinic } = Route.useParams()
  const [visit, setVisit] = useState<Visit | null>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {visit === null ? null : (
        <VisitDesk
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

interface VisitDeskProps {
  clinic: string
  visit: Visit
  isOpen: boolean
  onClose: () => void
}

/** Stays when the drawer is closed, to tell what came of a move and to give the keyboard back to where it was. */
function VisitDesk({ clinic, visit, isOpen, onClose }: VisitDeskProps) {
  const { data, error, refetch } = useSchedule({
    view: 'day',
    date: dateOf(visit.startTime),
    vetId: undefined,
  })
  if (data === undefined && error !== null) return <ErrorState error={error} onRetry={() => refetch()} />
  return (
    <AppointmentDesk
      clinic={clinic}
      schedule={data}
      openId={isOpen ? visit.id : undefined}
      onOpen={(id) => {
        if (id === undefined) onClose()
      }}
    >
      {() => null}
    </AppointmentDesk>
  )
}
