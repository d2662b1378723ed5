import { VisuallyHidden } from '@mantine/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { type ReactNode, useState } from 'react'
import type { AppointmentControls } from '../../appointment/appointment-controls.ts'
import { findAppointment } from '../../appointment/use-schedule.ts'
import { useStatusChanges } from '../../appointment/use-status-changes.ts'
import { useNow } from '../../time/use-now.ts'
import { AppointmentDrawer } from './appointment-drawer.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeMessages, type Move } from './change-messages.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { MoveDialog } from './move-dialog.tsx'

interface AppointmentDialogsProps {
  clinic: string
  /** The schedule on the page; undefined until it is loaded. */
  schedule: ScheduleResult | undefined
  /** The appointment to open, by the address. */
  openId: string | undefined
  onOpen: (id: string | undefined) => void
  children: (controls: AppointmentControls) => ReactNode
}

/** The drawer, dialogs and messages of a page with appointments, which it passes the controls to open them. */
export function AppointmentDialogs({ clinic, schedule, openId, onOpen, children }: AppointmentDialogsProps) {
  const now = useNow()
  const changes = useStatusChanges()
  const [moving, setMoving] = useState<DayAppointment | null>(null)
  const [cancelling, setCancelling] = useState<DayAppointment | null>(null)
  const [editing, setEditing] = useState<DayAppointment | null>(null)
  const [moved, setMoved] = useState<Move | null>(null)
  const controls: AppointmentControls = {
    now,
    changes,
    open: ({ id }) => onOpen(id),
    move: (appointment) => {
      setMoved(null)
      setMoving(appointment)
    },
    cancel: setCancelling,
    edit: setEditing,
  }
  const opened = findAppointment(schedule, openId)
  return (
    <>
      <VisuallyHidden role="status">{changes.announcement}</VisuallyHidden>
      <ChangeMessages
        clinic={clinic}
        schedule={schedule}
        move={moved}
        failed={changes.failed.filter(({ appointmentId }) => appointmentId !== opened?.id)}
        onDismiss={changes.dismiss}
        onDismissMove={() => setMoved(null)}
      />
      {children(controls)}
      <AppointmentDrawer
        clinic={clinic}
        appointment={opened}
        controls={controls}
        failed={changes.failed.find(({ appointmentId }) => appointmentId === opened?.id)}
        isCovered={moving !== null || cancelling !== null || editing !== null}
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
      {editing !== null ? (
        <EditDialog
          key={editing.id}
          appointment={findAppointment(schedule, editing.id) ?? editing}
          onClose={() => setEditing(null)}
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
