import { VisuallyHidden } from '@mantine/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { type ReactNode, useState } from 'react'
import type { Desk } from '../../appointment/desk.ts'
import { findAppointment } from '../../appointment/use-schedule.ts'
import { useStatusChanges } from '../../appointment/use-status-changes.ts'
import { useNow } from '../../time/use-now.ts'
import { AppointmentDrawer } from './appointment-drawer.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { DeskMessages, type Move } from './desk-messages.tsx'
import { MoveDialog } from './move-dialog.tsx'

interface AppointmentDeskProps {
  clinic: string
  /** What the page shows; undefined while it is on its way. */
  schedule: ScheduleResult | undefined
  /** The appointment that the address says is open. */
  openId: string | undefined
  onOpen: (id: string | undefined) => void
  children: (desk: Desk) => ReactNode
}

/** What a page of appointments needs around it: the drawer of one, moving, cancelling, and what came of it. */
export function AppointmentDesk({ clinic, schedule, openId, onOpen, children }: AppointmentDeskProps) {
  const now = useNow()
  const changes = useStatusChanges()
  const [moving, setMoving] = useState<DayAppointment | null>(null)
  const [cancelling, setCancelling] = useState<DayAppointment | null>(null)
  const [moved, setMoved] = useState<Move | null>(null)
  const desk: Desk = {
    now,
    changes,
    open: ({ id }) => onOpen(id),
    move: (appointment) => {
      setMoved(null)
      setMoving(appointment)
    },
    cancel: setCancelling,
  }
  const opened = findAppointment(schedule, openId)
  return (
    <>
      <VisuallyHidden role="status">{changes.announcement}</VisuallyHidden>
      <DeskMessages
        clinic={clinic}
        schedule={schedule}
        move={moved}
        troubles={changes.troubles.filter(({ appointmentId }) => appointmentId !== opened?.id)}
        onDismiss={changes.dismiss}
        onDismissMove={() => setMoved(null)}
      />
      {children(desk)}
      <AppointmentDrawer
        clinic={clinic}
        appointment={opened}
        desk={desk}
        trouble={changes.troubles.find(({ appointmentId }) => appointmentId === opened?.id)}
        isCovered={moving !== null || cancelling !== null}
        onClose={() => onOpen(undefined)}
      />
      {schedule !== undefined && moving !== null ? (
        <MoveDialog
          key={moving.id}
          appointment={findAppointment(schedule, moving.id) ?? moving}
          hasLeft={findAppointment(schedule, moving.id) === undefined}
          schedule={schedule}
          onClose={() => setMoving(null)}
          onMoved={(result) => {
            setMoved({ pet: moving.pet.name, result })
            setMoving(null)
          }}
        />
      ) : null}
      {cancelling !== null ? (
        <CancelDialog
          appointment={cancelling}
          onClose={() => setCancelling(null)}
          onConfirm={async (reason) => {
            await changes.change(cancelling, 'cancelled', reason)
            setCancelling(null)
          }}
        />
      ) : null}
    </>
  )
}
