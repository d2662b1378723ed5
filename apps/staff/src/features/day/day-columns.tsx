import { Text, Title, VisuallyHidden } from '@mantine/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { AppointmentCard } from './appointment-card.tsx'
import type { StatusChanges } from './use-status-changes.ts'

interface DayColumnsProps {
  day: ScheduleResult
  /** Milliseconds since 1970. */
  now: number
  changes: StatusChanges
  onMove: (appointment: DayAppointment) => void
  onCancel: (appointment: DayAppointment) => void
}

/** The vets side by side, each with the day's appointments in order; one below the other on a narrow screen. */
export function DayColumns({ day, ...props }: DayColumnsProps) {
  return (
    <div className="vs-columns">
      {day.vets.map((vet) => (
        <VetColumn key={vet.id} vet={vet} isToday={day.date === day.today} {...props} />
      ))}
    </div>
  )
}

interface VetColumnProps extends Omit<DayColumnsProps, 'day'> {
  vet: ScheduleResult['vets'][number]
  isToday: boolean
}

function VetColumn({ vet, isToday, now, changes, onMove, onCancel }: VetColumnProps) {
  const { t } = useTranslation('staff')
  const heading = useId()
  const standing = vet.appointments.filter(({ status }) => status !== 'cancelled' && status !== 'no_show')
  const next = isToday ? vet.appointments.find(({ startTime }) => Date.parse(startTime) > now) : undefined
  return (
    <section aria-labelledby={heading} className="vs-column">
      <div className="vs-column-head">
        <Title order={2} size="h3" id={heading} className="vs-column-title">
          {vet.fullName}
        </Title>
        <Text size="sm" c="dimmed">
          <span aria-hidden>{standing.length}</span>
          <VisuallyHidden>{t('day.appointments', { count: standing.length })}</VisuallyHidden>
        </Text>
      </div>
      {vet.appointments.length === 0 ? (
        <Text c="dimmed" className="vs-column-empty">
          {t('day.vetEmpty')}
        </Text>
      ) : (
        <ol className="vs-cards">
          {vet.appointments.map((appointment) => (
            <li key={appointment.id}>
              {appointment === next ? <div className="vs-now">{t('day.now')}</div> : null}
              <AppointmentCard
                appointment={appointment}
                now={now}
                isBusy={changes.pending.has(appointment.id)}
                trouble={changes.troubles.find(({ appointmentId }) => appointmentId === appointment.id)}
                onChange={(to) => changes.change(appointment, to)}
                onDismiss={() => changes.dismiss(appointment.id)}
                onMove={() => onMove(appointment)}
                onCancel={() => onCancel(appointment)}
              />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
