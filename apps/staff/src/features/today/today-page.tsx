import './today.css'
import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import type { AppointmentStatus, DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { EmptyState, ErrorState, formatDate, ListSkeleton, useLanguage } from '@vetcita/ui'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentControls } from '../../appointment/appointment-controls.ts'
import { usePageTitle } from '../../components/page-title.ts'
import { ClinicZone } from '../../time/clinic-zone.tsx'
import { QueueCard } from './queue-card.tsx'

const STAGES = ['expected', 'arrived', 'inProgress', 'done'] as const
type Stage = (typeof STAGES)[number]

const STAGE_OF: Record<AppointmentStatus, Stage> = {
  held: 'expected',
  scheduled: 'expected',
  confirmed: 'expected',
  checked_in: 'arrived',
  in_progress: 'inProgress',
  completed: 'done',
  cancelled: 'done',
  no_show: 'done',
}

interface TodayPageProps {
  /** The clinic's today; undefined until it is loaded. */
  schedule: ScheduleResult | undefined
  error: unknown
  onRetry: () => void
  controls: AppointmentControls
  /** Shows how current the page is. */
  freshness: ReactNode
  /** The signed-in user's id; a vet first sees only their own appointments. */
  userId: string
}

/** Today's appointments by stage: expected, in the waiting room, in consultation, done. */
export function TodayPage({ schedule, error, onRetry, controls, freshness, userId }: TodayPageProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [chosen, setChosen] = useState<string | null>(null)
  usePageTitle(t('today.page'))
  const isVet = schedule?.vets.some(({ id }) => id === userId) === true
  const vetId = chosen ?? (isVet ? userId : '')
  const shown = (schedule?.vets ?? [])
    .filter(({ id }) => vetId === '' || id === vetId)
    .flatMap(({ appointments }) => appointments)
    .sort((one, other) => Date.parse(one.startTime) - Date.parse(other.startTime))
  return (
    <Stack gap="md" className="vs-queue-page">
      <div className="vs-toolbar">
        <div>
          <Title order={1} size="h2">
            {t('today.page')}
          </Title>
          <Text size="sm" c="dimmed" component="div" className="vs-subtitle">
            <span className="vc-capital">
              {schedule === undefined ? ' ' : formatDate(schedule.date, 'long', language)}
            </span>
            {schedule === undefined ? null : <ClinicZone {...schedule} />}
            {freshness}
          </Text>
        </div>
        {schedule === undefined ? null : (
          <NativeSelect
            size="sm"
            aria-label={t('today.whose')}
            value={vetId}
            data={[
              { value: '', label: t('today.everyone') },
              ...schedule.vets.map(({ id, fullName }) => ({ value: id, label: fullName })),
            ]}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
        )}
      </div>
      {schedule === undefined ? (
        error === null ? (
          <ListSkeleton rows={5} height={110} />
        ) : (
          <ErrorState error={error} onRetry={onRetry} />
        )
      ) : schedule.vets.length === 0 ? (
        <EmptyState icon={IconCalendarOff} title={t('day.noVets')} />
      ) : (
        <div className="vs-queue">
          {STAGES.map((stage) => (
            <StageColumn
              key={stage}
              stage={stage}
              appointments={inOrder(stage, shown)}
              controls={controls}
              withVet={vetId === ''}
            />
          ))}
        </div>
      )}
    </Stack>
  )
}

/** Sorts the waiting room by longest wait, done appointments by the latest change, and the rest by start. */
function inOrder(stage: Stage, appointments: readonly DayAppointment[]): readonly DayAppointment[] {
  const here = appointments.filter(({ status }) => STAGE_OF[status] === stage)
  const since = ({ statusSince }: DayAppointment) => Date.parse(statusSince)
  if (stage === 'arrived') return here.sort((one, other) => since(one) - since(other))
  // reversed first, so that appointments changed at the same moment are in order of time, latest first
  return stage === 'done' ? here.reverse().sort((one, other) => since(other) - since(one)) : here
}

interface StageColumnProps {
  stage: Stage
  appointments: readonly DayAppointment[]
  controls: AppointmentControls
  withVet: boolean
}

function StageColumn({ stage, appointments, controls, withVet }: StageColumnProps) {
  const { t } = useTranslation('staff')
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="vs-stage" data-stage={stage}>
      <Title order={2} size="h3" id={heading} className="vs-stage-head">
        {t(`today.${stage}`)} <span className="vs-stage-count">{appointments.length}</span>
      </Title>
      {appointments.length === 0 ? (
        <Text c="dimmed" className="vs-stage-empty">
          {t(`today.none.${stage}`)}
        </Text>
      ) : (
        <ol className="vs-cards">
          {appointments.map((appointment) => (
            <li key={appointment.id}>
              <QueueCard appointment={appointment} controls={controls} withVet={withVet} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
