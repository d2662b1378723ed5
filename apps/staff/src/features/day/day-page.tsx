import { Alert, Button, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconCalendarOff, IconCloudOff } from '@tabler/icons-react'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { EmptyState, ErrorState, formatDate, useLanguage } from '@vetcita/ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../lib/page-title.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { DayColumns } from './day-columns.tsx'
import { DayMessages, type Move } from './day-messages.tsx'
import { DaySkeleton } from './day-skeleton.tsx'
import { DayToolbar } from './day-toolbar.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { useDay, useRefreshDay } from './use-day.ts'
import { useNow } from './use-now.ts'
import { useStatusChanges } from './use-status-changes.ts'

interface DayPageProps {
  clinic: string
  /** The clinic's date from the address; undefined for its today. */
  date: string | undefined
}

/** The appointment as the day has it now; undefined where it has left the day. */
function latest(day: ScheduleResult, opened: DayAppointment): DayAppointment | undefined {
  return day.vets.flatMap(({ appointments }) => appointments).find(({ id }) => id === opened.id)
}

/** The clinic's day: vets side by side, each appointment a card with what can be done about it. */
export function DayPage({ clinic, date }: DayPageProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const now = useNow()
  const day = useDay(date)
  const refresh = useRefreshDay()
  const changes = useStatusChanges()
  const [moving, setMoving] = useState<DayAppointment | null>(null)
  const [cancelling, setCancelling] = useState<DayAppointment | null>(null)
  const [move, setMove] = useState<Move | null>(null)
  const shown = day.data
  usePageTitle(shown === undefined ? t('day.page') : formatDate(shown.date, 'long', language))
  return (
    <Stack gap="md" className="vs-day">
      <DayToolbar clinic={clinic} date={date} day={shown} isBusy={day.isFetching} onRefresh={refresh} />
      <VisuallyHidden role="status">{changes.announcement}</VisuallyHidden>
      {shown !== undefined && day.isError ? (
        <Alert role="alert" color="orange" icon={<IconCloudOff aria-hidden />}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{t('day.stale')}</Text>
            <Button size="compact-sm" variant="default" onClick={refresh}>
              {t('day.refresh')}
            </Button>
          </Stack>
        </Alert>
      ) : null}
      <DayMessages
        clinic={clinic}
        day={shown}
        move={move}
        changes={changes}
        onDismissMove={() => setMove(null)}
      />
      {shown !== undefined ? (
        <Day day={shown}>
          <DayColumns
            day={shown}
            now={now}
            changes={changes}
            onMove={(appointment) => {
              setMove(null)
              setMoving(appointment)
            }}
            onCancel={setCancelling}
          />
        </Day>
      ) : day.isError ? (
        <ErrorState error={day.error} onRetry={() => day.refetch()} />
      ) : (
        <DaySkeleton />
      )}
      {shown !== undefined && moving !== null ? (
        <MoveDialog
          key={moving.id}
          appointment={latest(shown, moving) ?? moving}
          hasLeft={latest(shown, moving) === undefined}
          day={shown}
          onClose={() => setMoving(null)}
          onMoved={(result) => {
            setMove({ pet: moving.pet.name, result })
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
    </Stack>
  )
}

function Day({ day, children }: { day: ScheduleResult; children: ReactNode }) {
  const { t } = useTranslation('staff')
  if (day.vets.length === 0) return <EmptyState icon={IconCalendarOff} title={t('day.noVets')} />
  if (day.vets.every(({ appointments }) => appointments.length === 0)) {
    return (
      <div className="vc-surface">
        <EmptyState icon={IconCalendarOff} title={t('day.empty')}>
          <Text c="dimmed">{t('day.emptyHint')}</Text>
        </EmptyState>
      </div>
    )
  }
  return children
}
