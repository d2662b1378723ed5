import { Alert, Anchor, Button, Stack, Text, Title } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'
import { StatusBadge } from '@vetcita/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../../lib/staff-sentence.ts'
import { CardActions } from './card-actions.tsx'
import { speciesKey } from './species.ts'
import type { Trouble } from './use-status-changes.ts'

interface AppointmentCardProps {
  appointment: DayAppointment
  /** Milliseconds since 1970. */
  now: number
  isBusy: boolean
  trouble: Trouble | undefined
  onChange: (to: AppointmentStatus) => void
  onDismiss: () => void
  onMove: () => void
  onCancel: () => void
}

/** One appointment: when, whose, what for, where it stands, and what can be done about it. */
export function AppointmentCard({ appointment, now, isBusy, trouble, ...actions }: AppointmentCardProps) {
  const { t } = useTranslation('staff')
  const { pet, service, localTime, localEndTime, status } = appointment
  const known = speciesKey(pet.species)
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
      aria-label={t('card.label', { time: localTime, pet: pet.name })}
      aria-busy={isBusy}
    >
      <div className="vs-card-top">
        <Text component="time" dateTime={appointment.startTime} className="vs-card-time">
          {localTime}
          <span className="vs-card-end"> – {localEndTime}</span>
        </Text>
        <StatusBadge status={status} />
      </div>
      <Title order={3} size="h3" className="vs-card-pet">
        {pet.name}
        <Text span size="sm" c="dimmed" fw={400}>
          {' '}
          {known === null ? pet.species : t(`species.${known}`)}
        </Text>
      </Title>
      <Text size="sm">{service.name ?? t('card.retiredService')}</Text>
      <Owner owner={appointment.owner} />
      <Detail label={t('card.reason')} text={appointment.reason} className="vs-card-note" />
      <Detail label={t('card.notes')} text={appointment.notes} className="vs-card-note" />
      {status === 'cancelled' ? (
        <Detail label={t('card.cancelled')} text={appointment.cancellationReason} />
      ) : null}
      {trouble === undefined ? null : <TroubleAlert trouble={trouble} onDismiss={actions.onDismiss} />}
      <CardActions appointment={appointment} now={now} isBusy={isBusy} {...actions} />
    </article>
  )
}

function Owner({ owner }: { owner: DayAppointment['owner'] }) {
  const { t } = useTranslation('staff')
  const name = owner.fullName ?? t('card.noName')
  return (
    <div className="vs-card-owner">
      <Text size="sm" span>
        {name}
      </Text>
      {owner.phone === null || owner.phone === '' ? (
        <Text size="sm" span c="dimmed">
          {t('card.noPhone')}
        </Text>
      ) : (
        <Anchor
          size="sm"
          href={`tel:${owner.phone.replace(/[^+\d]/g, '')}`}
          aria-label={t('card.call', { name, phone: owner.phone })}
          className="vs-card-phone"
        >
          <IconPhone size={15} aria-hidden /> {owner.phone}
        </Anchor>
      )}
    </div>
  )
}

interface DetailProps {
  label: string
  text: string | null
  className?: string
}

function Detail({ label, text, className = '' }: DetailProps) {
  if (text === null || text === '') return null
  return (
    <Text size="sm" c="dimmed" className={`vs-card-detail ${className}`}>
      <b>{label}:</b> {text}
    </Text>
  )
}

function TroubleAlert({ trouble, onDismiss }: { trouble: Trouble; onDismiss: () => void }) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  return (
    <Alert role="alert" color="orange" p="xs" mt="xs">
      <Stack gap={6} align="flex-start">
        <Text size="sm">{sentence(trouble.problem)}</Text>
        <Button size="compact-sm" variant="default" onClick={onDismiss}>
          {t('card.dismiss')}
        </Button>
      </Stack>
    </Alert>
  )
}
