import { Stack } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconCalendarOff } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ScheduleResult } from '@vetcita/contracts'
import { EmptyState, ErrorState, formatDate, useLanguage } from '@vetcita/ui'
import { type ReactNode, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentControls } from '../../appointment/appointment-controls.ts'
import { findAppointment } from '../../appointment/use-schedule.ts'
import { usePageTitle } from '../../components/page-title.ts'
import type { Wall } from '../../time/wall-clock.ts'
import { CalendarGrid } from './calendar-grid.tsx'
import { CalendarSkeleton } from './calendar-skeleton.tsx'
import { addressOf, type CalendarPlace, CalendarToolbar } from './calendar-toolbar.tsx'
import { gridModel } from './grid-model.ts'
import { RefusedDrop } from './refused-drop.tsx'
import { StatusIcons } from './status-icons.tsx'
import { useCalendarKeys } from './use-calendar-keys.ts'
import { useDragMove } from './use-drag-move.ts'

/** The slot for a new appointment, as far as the click determined it. */
export interface Vacancy {
  vetId: string | undefined
  start: Wall | undefined
}

interface CalendarPageProps {
  place: CalendarPlace
  /** Undefined until it is loaded. */
  schedule: ScheduleResult | undefined
  error: unknown
  onRetry: () => void
  controls: AppointmentControls
  onBook: (vacancy: Vacancy) => void
  /** Shows how current the page is. */
  freshness: ReactNode
}

/** The calendar: a day with all vets, or one vet's week. Appointments are moved by dragging. */
export function CalendarPage({
  place,
  schedule,
  error,
  onRetry,
  controls,
  onBook,
  freshness,
}: CalendarPageProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const navigate = useNavigate()
  const page = useRef<HTMLDivElement>(null)
  const [withFreed, setWithFreed] = useLocalStorage({ key: 'vetcita.staff.freed', defaultValue: false })
  const moves = useDragMove(schedule)
  const { vets: columnVets, days, timeZone, closures } = schedule ?? {}
  const { view } = place
  // depends on these parts only: every refetch returns a new schedule, if only for its time
  const model = useMemo(() => {
    if (columnVets === undefined || days === undefined || timeZone === undefined || closures === undefined)
      return null
    const options = { view, withFreed, pending: moves.pending }
    return gridModel({ vets: columnVets, days, timeZone, closures }, options)
  }, [columnVets, days, timeZone, closures, view, withFreed, moves.pending])
  // if today is shown already, scroll to the present time
  const showNow = () =>
    page.current?.querySelector('.vs-now')?.scrollIntoView({ block: 'center', inline: 'nearest' })
  const anywhere = { vetId: view === 'week' ? schedule?.vets[0]?.id : undefined, start: undefined }
  useCalendarKeys({
    page,
    columns: model?.columns ?? [],
    onNew: () => onBook(anywhere),
    onToday: () => {
      showNow()
      void navigate(addressOf({ ...place, date: undefined }))
    },
    onMove: (id) => {
      const appointment = findAppointment(schedule, id)
      if (appointment?.canMove) controls.move(appointment)
    },
  })
  usePageTitle(schedule === undefined ? t('day.page') : formatDate(schedule.date, 'long', language))
  const { refused } = moves
  return (
    <Stack gap="sm" className="vs-day" ref={page}>
      <CalendarToolbar
        place={place}
        schedule={schedule}
        withFreed={withFreed}
        onWithFreed={setWithFreed}
        onNew={() => onBook(anywhere)}
        onToday={showNow}
      >
        {freshness}
      </CalendarToolbar>
      {refused === null ? null : <RefusedDrop refused={refused} moves={moves} schedule={schedule} />}
      <StatusIcons />
      {schedule === undefined || model === null ? (
        error === null ? (
          <CalendarSkeleton />
        ) : (
          <ErrorState error={error} onRetry={onRetry} />
        )
      ) : schedule.vets.length === 0 ? (
        <EmptyState icon={IconCalendarOff} title={t('day.noVets')} />
      ) : (
        <CalendarGrid
          view={view}
          schedule={schedule}
          model={model}
          label={t(`calendar.label.${view}`, { date: formatDate(schedule.date, 'long', language) })}
          onOpen={controls.open}
          onDrop={moves.drop}
          onSlot={onBook}
        />
      )}
    </Stack>
  )
}
