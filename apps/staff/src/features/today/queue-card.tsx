import { Text, UnstyledButton } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import type { DayAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { formatMinutes, StatusBadge } from '@vetcita/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AppointmentButtons } from '../../appointment/appointment-buttons.tsx'
import type { Desk } from '../../appointment/desk.ts'
import { PhoneLink } from '../../components/phone-link.tsx'

interface QueueCardProps {
  appointment: DayAppointment
  desk: Desk
  /** Whose patient it is; of no use where one vet's are shown. */
  withVet: boolean
}

/** One patient of the day: since when they wait, and the next step as one tap. */
export function QueueCard({ appointment, desk, withVet }: QueueCardProps) {
  const { t } = useTranslation('staff')
  const { id, pet, owner, service, vet, status } = appointment
  const time = timeOf(appointment.startTime)
  const isBusy = desk.changes.pending.has(id)
  const card = useRef<HTMLElement>(null)
  const wasBusy = useRef(false)
  useEffect(() => {
    // The button that was pressed may be gone with the old status; the keyboard then stays on the card.
    if (wasBusy.current && !isBusy && document.activeElement === document.body) card.current?.focus()
    wasBusy.current = isBusy
  }, [isBusy])
  return (
    <article
      ref={card}
      tabIndex={-1}
      className="vs-card"
      data-status={status}
      aria-label={t('card.label', { time, pet: pet.name })}
      aria-busy={isBusy}
    >
      <UnstyledButton className="vs-card-open" onClick={() => desk.open(appointment)}>
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
      <Waiting appointment={appointment} now={desk.now} />
      <AppointmentButtons
        appointment={appointment}
        now={desk.now}
        isBusy={isBusy}
        isFlat
        onChange={(to) => desk.changes.change(appointment, to)}
        onMove={() => desk.move(appointment)}
        onCancel={() => desk.cancel(appointment)}
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
