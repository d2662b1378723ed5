import { ActionIcon, Button, Group, NativeSelect, SegmentedControl, Switch, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { AppointmentStatus, ScheduleResult } from '@vetcita/contracts'
import { addDays, formatDate, formatDateRange, useLanguage } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DateField } from '../../components/date-field.tsx'
import { useVets } from '../../session/use-clinic.ts'
import { ClinicZone } from '../../time/clinic-zone.tsx'

export interface CalendarPlace {
  clinic: string
  view: 'day' | 'week'
  /** The date in the address; undefined for the clinic's today. */
  date: string | undefined
  /** The vet of a week; undefined in a day, and if the address names none. */
  vetId: string | undefined
}

interface CalendarToolbarProps {
  place: CalendarPlace
  schedule: ScheduleResult | undefined
  withFreed: boolean
  onWithFreed: (withFreed: boolean) => void
  onNew: () => void
  /** Called when the link to today is clicked; the toolbar navigates by itself. */
  onToday: () => void
  /** Shows how current the page is. */
  children: ReactNode
}

/** The shown days with their appointment counts, and the navigation to other days and views. */
export function CalendarToolbar({
  place,
  schedule,
  withFreed,
  onWithFreed,
  onNew,
  onToday,
  children,
}: CalendarToolbarProps) {
  const { t } = useTranslation('staff')
  const navigate = useNavigate()
  const vets = useVets(schedule)
  const { view, vetId } = place
  const shown = schedule?.date ?? place.date
  const go = (next: Partial<CalendarPlace>) => navigate(addressOf({ ...place, ...next }))
  return (
    <div className="vs-calendar-bar" data-view={view}>
      <div>
        <Heading place={place} schedule={schedule} />
        <div className="vs-subtitle">
          <Summary schedule={schedule} />
          {schedule === undefined ? null : <ClinicZone {...schedule} />}
          {children}
        </div>
      </div>
      <Group gap="xs" className="vs-toolbar-nav">
        <Switch
          size="sm"
          label={t('calendar.withFreed')}
          checked={withFreed}
          onChange={({ currentTarget }) => onWithFreed(currentTarget.checked)}
        />
        {view === 'week' ? (
          <NativeSelect
            size="sm"
            aria-label={t('calendar.whose')}
            value={vetId ?? schedule?.vets[0]?.id}
            data={vets.map(({ id, fullName }) => ({ value: id, label: fullName }))}
            onChange={({ currentTarget }) => go({ vetId: currentTarget.value })}
          />
        ) : null}
        <SegmentedControl
          size="sm"
          aria-label={t('calendar.view')}
          value={view}
          data={(['day', 'week'] as const).map((value) => ({ value, label: t(`calendar.${value}`) }))}
          onChange={(value) => go({ view: value === 'week' ? 'week' : 'day', date: shown })}
        />
        <Group component="nav" gap="xs" wrap="nowrap" aria-label={t('day.navigation')}>
          <Step place={place} shown={shown} direction={-1} />
          <Button
            variant="default"
            size="sm"
            className="vs-today"
            onClick={onToday}
            renderRoot={(props) => <Link {...addressOf({ ...place, date: undefined })} {...props} />}
            {...(schedule?.days.some(({ date }) => date === schedule.today)
              ? { 'aria-current': 'date' as const }
              : {})}
          >
            {t('day.today')}
          </Button>
          <Step place={place} shown={shown} direction={1} />
          <DateField
            size="sm"
            aria-label={t('day.date')}
            value={shown ?? ''}
            disabled={shown === undefined}
            className="vs-date"
            onChange={(date) => date !== shown && go({ date })}
          />
        </Group>
      </Group>
      <Button
        size="sm"
        leftSection={<IconPlus size={18} aria-hidden />}
        className="vs-calendar-new"
        onClick={onNew}
      >
        {t('calendar.new')}
      </Button>
    </div>
  )
}

/** Returns the link to a day or to a vet's week. */
export function addressOf({ clinic, view, date, vetId }: CalendarPlace) {
  const dated = date === undefined ? {} : { date }
  return view === 'day'
    ? ({ to: '/$clinic/day', params: { clinic }, search: dated } as const)
    : ({
        to: '/$clinic/week',
        params: { clinic },
        search: vetId === undefined ? dated : { ...dated, vet: vetId },
      } as const)
}

function Heading({ place, schedule }: { place: CalendarPlace; schedule: ScheduleResult | undefined }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const shown = schedule?.date ?? place.date
  const style = shown !== undefined && schedule?.today.slice(0, 4) !== shown.slice(0, 4) ? 'full' : 'long'
  const text =
    shown === undefined
      ? t('day.page')
      : place.view === 'day'
        ? formatDate(shown, style, language)
        : formatDateRange(shown, addDays(shown, 6), language)
  return (
    <Title order={1} size="h2" className="vc-capital" aria-live="polite">
      {text}
    </Title>
  )
}

interface StepProps {
  place: CalendarPlace
  shown: string | undefined
  direction: 1 | -1
}

function Step({ place, shown, direction }: StepProps) {
  const { t } = useTranslation('staff')
  const label = t(`calendar.${direction === 1 ? 'next' : 'previous'}.${place.view}`)
  const icon = direction === -1 ? <IconChevronLeft aria-hidden /> : <IconChevronRight aria-hidden />
  if (shown === undefined) {
    return (
      <ActionIcon variant="default" size={36} disabled aria-label={label}>
        {icon}
      </ActionIcon>
    )
  }
  const date = addDays(shown, direction * (place.view === 'day' ? 1 : 7))
  return (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={label}
      title={label}
      renderRoot={(props) => <Link {...addressOf({ ...place, date })} {...props} />}
    >
      {icon}
    </ActionIcon>
  )
}

function Summary({ schedule }: { schedule: ScheduleResult | undefined }) {
  const { t } = useTranslation('staff')
  if (schedule === undefined) return <Text size="sm">&nbsp;</Text>
  const all = schedule.vets.flatMap(({ appointments }) => appointments)
  const having = (...statuses: AppointmentStatus[]) =>
    all.filter(({ status }) => statuses.includes(status)).length
  const active = all.length - having('cancelled', 'no_show')
  const parts = [
    t('day.appointments', { count: active }),
    ...(having('scheduled') > 0 ? [t('day.toConfirm', { count: having('scheduled') })] : []),
    ...(having('checked_in') > 0 ? [t('day.waiting', { count: having('checked_in') })] : []),
    ...(having('in_progress') > 0 ? [t('day.inProgress', { count: having('in_progress') })] : []),
  ]
  return (
    <Text size="sm" c="dimmed">
      {parts.join(' · ')}
    </Text>
  )
}
