import { Text, UnstyledButton } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import type { DayAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { formatMinutes, StatusBadge } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { AppointmentButtons } from '../../appointment/appointment-buttons.tsx'
import type { AppointmentControls } from '../../appointment/appointment-controls.ts'
import { AppointmentMarks } from '../../appointment/appointment-marks.tsx'
import { PhoneLink } from '../../components/phone-link.tsx'
import { useKeepFocus } from '../../components/use-keep-focus.ts'

interface QueueCardProps {
  appointment: DayAppointment
  controls: AppointmentControls
  /** Shows the vet's name. */
  withVet: boolean
}

/** An appointment of today: how long the patient has been waiting, and buttons for the next steps. */
export function QueueCard({ appointment, controls, withVet }: QueueCardProps) {
  const { t } = useTranslation('staff')
  const { id, pet, owner, service, vet, status } = appointment
  const time = timeOf(appointment.startTime)
  const isBusy = controls.changes.pending.has(id)
  const card = useKeepFocus<HTMLElement>(isBusy)
  return (
    <article
      ref={card}
      tabIndex={-1}
      className="vs-card"
      data-status={status}
      aria-label={t('card.label', { time, pet: pet.name })}
      aria-busy={isBusy}
    >
      <UnstyledButton className="vs-card-open" onClick={() => controls.open(appointment)}>
        <span className="vs-card-time">{time}</span>
        <span className="vs-card-pet">{pet.name}</span>
        <StatusBadge status={status} />
      </UnstyledButton>
      <Text size="sm">
        {service.name ?? t('card.retiredService')}
        {withVet ? ` · ${vet.fullName ?? ''}` : ''}
      </Text>
      <Text size="sm" className="vs-card-owner">
        {owner.fullName ?? t('card.noName')} <PhoneLink owner={owner} />
      </Text>
      <AppointmentMarks appointment={appointment} />
      <Waiting appointment={appointment} now={controls.now} />
      <AppointmentButtons
        appointment={appointment}
        now={controls.now}
        isBusy={isBusy}
        isFlat
        onChange={(to) => controls.changes.change(appointment, to)}
        onMove={() => controls.move(appointment)}
        onCancel={() => controls.cancel(appointment)}
      />
    </article>
  )
}

function Waiting({ appointment, now }: { appointment: DayAppointment; now: number }) {
  const { t } = useTranslation('staff')
  const { status, startTime, statusSince } = appointment
  const minutes = (since: string) => Math.max(0, Math.floor((now - Date.parse(since)) / 60_000))
  const isExpected = status === 'scheduled' || status === 'confirmed'
  const text =
    status === 'checked_in'
      ? t('today.waits', { time: formatMinutes(minutes(statusSince)) })
      : status === 'in_progress'
        ? t('today.since', { time: formatMinutes(minutes(statusSince)) })
        : isExpected && minutes(startTime) > 0
          ? t('today.late', { time: formatMinutes(minutes(startTime)) })
          : null
  if (text === null) return null
  return (
    <Text size="sm" fw={600} className="vs-waiting">
      <IconClock size={16} aria-hidden /> {text}
    </Text>
  )
}
