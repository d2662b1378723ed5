import { Stack, Text, Title } from '@mantine/core'
import type { AppointmentEvent } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { useLongDate } from '../../session/clinic.tsx'

/** Describes who changed what and when, latest first. */
export function History({ events }: { events: readonly AppointmentEvent[] }) {
  const { t } = useTranslation('owner')
  if (events.length === 0) return null
  return (
    <section aria-labelledby="history">
      <Title order={2} id="history" mb="sm">
        {t('appointments.history.title')}
      </Title>
      <ol className="history" reversed>
        {[...events].reverse().map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </section>
  )
}

function Event({ event }: { event: AppointmentEvent }) {
  const { t } = useTranslation('owner')
  const date = useLongDate()
  const who = useWho()
  const inWords = useChangeInWords()
  return (
    <li>
      <Stack gap={2}>
        <Text fw={550}>{inWords(event)}</Text>
        {isUnconfirmed(event) ? <Text size="sm">{t('appointments.history.unconfirmed')}</Text> : null}
        {event.reason === null ? null : (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('appointments.history.reason', { reason: event.reason })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {who(event.by)} ·{' '}
          {t('appointments.history.at', { date: date(dateOf(event.at)), time: timeOf(event.at) })}
        </Text>
      </Stack>
    </li>
  )
}

/** A move by the pet owner withdraws the clinic's confirmation. */
function isUnconfirmed({ event, from, to }: AppointmentEvent): boolean {
  return event === 'rescheduled' && from?.status === 'confirmed' && to?.status === 'scheduled'
}

function useWho(): (by: AppointmentEvent['by']) => string {
  const { t } = useTranslation('owner')
  return (by) => {
    if (by === null) return t('appointments.history.unknown')
    if (by.you) return t('appointments.history.you')
    return by.fullName ?? t('appointments.history.clinic')
  }
}

function useChangeInWords(): (event: AppointmentEvent) => string {
  const { t } = useTranslation(['owner', 'ui'])
  const date = useLongDate()
  type Snapshot = NonNullable<AppointmentEvent['to']>
  const when = (snapshot: Snapshot) =>
    t('owner:appointments.history.at', {
      date: date(dateOf(snapshot.startTime)),
      time: timeOf(snapshot.startTime),
    })
  const vet = (snapshot: Snapshot) => snapshot.vet.fullName ?? t('owner:appointments.aVet')
  return ({ event, from, to }) => {
    if (to === null) return t('owner:booking.done.lead')
    if (event === 'booked' || from === null) {
      return t('owner:appointments.history.booked', { to: when(to), toVet: vet(to) })
    }
    if (event === 'edited') return t('owner:appointments.history.edited')
    if (event === 'status_changed') {
      return t('owner:appointments.history.status', {
        fromStatus: t(`ui:status.${from.status}`),
        toStatus: t(`ui:status.${to.status}`),
      })
    }
    const change = { from: when(from), to: when(to), fromVet: vet(from), toVet: vet(to) }
    if (from.vet.id === to.vet.id) return t('owner:appointments.history.moved', change)
    const isSameTime = Date.parse(from.startTime) === Date.parse(to.startTime)
    return t(
      isSameTime ? 'owner:appointments.history.vet' : 'owner:appointments.history.movedWithVet',
      change,
    )
  }
}
