import { ActionIcon, Button, Group, Text, TextInput, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconRefresh } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { AppointmentStatus, ScheduleResult } from '@vetcita/contracts'
import { addDays, formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

interface DayToolbarProps {
  clinic: string
  /** The date in the address. */
  date: string | undefined
  day: ScheduleResult | undefined
  isBusy: boolean
  onRefresh: () => void
}

/** Which day this is, how full it is, and the way to the others. */
export function DayToolbar({ clinic, date, day, isBusy, onRefresh }: DayToolbarProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const shown = day?.date ?? date
  const style = shown !== undefined && day?.today.slice(0, 4) !== shown.slice(0, 4) ? 'full' : 'long'
  return (
    <div className="vs-toolbar">
      <div className="vs-toolbar-title">
        <Title order={1} size="h1" className="vc-capital" aria-live="polite">
          {shown === undefined ? t('day.page') : formatDate(shown, style, language)}
        </Title>
        <DaySummary day={day} />
      </div>
      <Group
        component="nav"
        gap="xs"
        wrap="nowrap"
        aria-label={t('day.navigation')}
        className="vs-toolbar-nav"
      >
        <DayStep clinic={clinic} to={shown === undefined ? undefined : addDays(shown, -1)} kind="previous" />
        <Button
          variant="default"
          size="sm"
          h={42}
          className="vs-today"
          renderRoot={(props) => <Link to="/$clinic/day" params={{ clinic }} {...props} />}
          {...(day !== undefined && day.date === day.today ? { 'aria-current': 'date' as const } : {})}
        >
          {t('day.today')}
        </Button>
        <DayStep clinic={clinic} to={shown === undefined ? undefined : addDays(shown, 1)} kind="next" />
        <DateField clinic={clinic} date={shown} />
        <ActionIcon
          variant="default"
          size={42}
          aria-label={t('day.refresh')}
          title={t('day.refresh')}
          onClick={onRefresh}
          data-busy={isBusy || undefined}
          className="vs-refresh"
        >
          <IconRefresh size={20} aria-hidden />
        </ActionIcon>
      </Group>
    </div>
  )
}

interface DayStepProps {
  clinic: string
  to: string | undefined
  kind: 'previous' | 'next'
}

function DayStep({ clinic, to, kind }: DayStepProps) {
  const { t } = useTranslation('staff')
  const label = t(`day.${kind}`)
  const icon = kind === 'previous' ? <IconChevronLeft aria-hidden /> : <IconChevronRight aria-hidden />
  if (to === undefined) {
    return (
      <ActionIcon variant="default" size={42} disabled aria-label={label}>
        {icon}
      </ActionIcon>
    )
  }
  return (
    <ActionIcon
      variant="default"
      size={42}
      aria-label={label}
      title={label}
      renderRoot={(props) => <Link to="/$clinic/day" params={{ clinic }} search={{ date: to }} {...props} />}
    >
      {icon}
    </ActionIcon>
  )
}

function DateField({ clinic, date }: { clinic: string; date: string | undefined }) {
  const { t } = useTranslation('staff')
  const navigate = useNavigate()
  return (
    <TextInput
      // The field keeps its own half-typed date; another day from elsewhere starts it anew.
      key={date}
      type="date"
      size="md"
      aria-label={t('day.date')}
      defaultValue={date ?? ''}
      required
      className="vs-date"
      onChange={({ currentTarget: { value } }) => {
        // While a year is being typed the browser reports 0002, 0020, 0202: not days anybody means.
        if (value < '2000-01-01' || value === date) return
        navigate({ to: '/$clinic/day', params: { clinic }, search: { date: value } })
      }}
    />
  )
}

function DaySummary({ day }: { day: ScheduleResult | undefined }) {
  const { t } = useTranslation('staff')
  if (day === undefined) return <Text size="sm">&nbsp;</Text>
  const all = day.vets.flatMap(({ appointments }) => appointments)
  const having = (...statuses: AppointmentStatus[]) =>
    all.filter(({ status }) => statuses.includes(status)).length
  const standing = all.length - having('cancelled', 'no_show')
  const parts = [
    t('day.appointments', { count: standing }),
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
