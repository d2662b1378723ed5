import './today.css'
import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import type { AppointmentStatus, DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { EmptyState, ErrorState, formatDate, ListSkeleton, useLanguage } from '@vetcita/ui'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Desk } from '../../appointment/desk.ts'
import { usePageTitle } from '../../components/page-title.ts'
import { ClinicZone } from '../../time/clinic-zone.tsx'
import { QueueCard } from './queue-card.tsx'

const STAGES = ['expected', 'arrived', 'inProgress', 'done'] as const
type Stage = (typeof STAGES)[number]

const STAGE_OF: Record<AppointmentStatus, Stage> = {
  scheduled: 'expected',
  confirmed: 'expected',
  checked_in: 'arrived',
  in_progress: 'inProgress',
  completed: 'done',
  cancelled: 'done',
  no_show: 'done',
}

interface TodayPageProps {
  /** The clinic's today; undefined while it is on its way. */
  schedule: ScheduleResult | undefined
  error: unknown
  onRetry: () => void
  desk: Desk
  /** How fresh the page is. */
  freshness: ReactNode
  /** Who is looking: as a vet they first see their own. */
  me: string
}

/** The day as a queue: who is to come, who waits and since when, who is in consultation, who is done. */
export function TodayPage({ schedule, error, onRetry, desk, freshness, me }: TodayPageProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [chosen, setChosen] = useState<string | null>(null)
  usePageTitle(t('today.page'))
  const isVet = schedule?.vets.some(({ id }) => id === me) === true
  const whose = chosen ?? (isVet ? me : '')
  const shown = (schedule?.vets ?? [])
    .filter(({ id }) => whose === '' || id === whose)
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
            value={whose}
            data={[
              { value: '', label: t('today.everybody') },
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
              desk={desk}
              withVet={whose === ''}
            />
          ))}
        </div>
      )}
    </Stack>
  )
}

/** Who waits longest comes first, what was done last too; everybody else by the clock. */
function inOrder(stage: Stage, appointments: readonly DayAppointment[]): readonly DayAppointment[] {
  const here = appointments.filter(({ status }) => STAGE_OF[status] === stage)
  const since = ({ statusSince }: DayAppointment) => Date.parse(statusSince)
  if (stage === 'arrived') return here.sort((one, other) => since(one) - since(other))
  // all that changed at one moment, as a whole day entered afterwards, by the clock
  return stage === 'done' ? here.reverse().sort((one, other) => since(other) - since(one)) : here
}

interface StageColumnProps {
  stage: Stage
  appointments: readonly DayAppointment[]
  desk: Desk
  withVet: boolean
}

function StageColumn({ stage, appointments, desk, withVet }: StageColumnProps) {
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
              <QueueCard appointment={appointment} desk={desk} withVet={withVet} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
