import { Text, Title } from '@mantine/core'
import type { AppointmentEvent } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'

/** The changes of an appointment: what, when and by whom; newest first. */
export function History({ events }: { events: readonly AppointmentEvent[] }) {
  const { t } = useTranslation('staff')
  const heading = useId()
  return (
    <section aria-labelledby={heading}>
      <Title order={3} size="h3" id={heading} mb="xs">
        {t('drawer.history')}
      </Title>
      <ol className="vs-history">
        {[...events].reverse().map((event) => (
          <li key={event.id}>
            <Change event={event} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Change({ event }: { event: AppointmentEvent }) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const { by, from, to, reason } = event
  const day = (date: string) => formatDate(date, 'short', language)
  const booking =
    to === null
      ? null
      : { date: day(dateOf(to.startTime)), time: timeOf(to.startTime), vet: to.vet.fullName ?? '' }
  const who =
    by === null
      ? t('drawer.unknown')
      : by.you
        ? t('drawer.you')
        : (by.fullName ?? (by.role === null ? t('drawer.unknown') : t(`user.role.${by.role}`)))
  const isMove = event.event === 'rescheduled' && from !== null
  return (
    <>
      {event.event === 'booked' && booking !== null ? (
        <Text size="sm">{t('drawer.booked', booking)}</Text>
      ) : null}
      {isMove && booking !== null ? (
        <Text size="sm">
          {t('drawer.moved', {
            ...booking,
            fromDate: day(dateOf(from.startTime)),
            fromTime: timeOf(from.startTime),
            fromVet: from.vet.fullName ?? '',
          })}
        </Text>
      ) : null}
      {from !== null && to !== null && from.status !== to.status ? (
        <Text size="sm">
          {t('drawer.status', { from: t(`ui:status.${from.status}`), to: t(`ui:status.${to.status}`) })}
        </Text>
      ) : null}
      {event.event === 'notes_changed' ? <Text size="sm">{t('drawer.notesChanged')}</Text> : null}
      {event.overrides.length === 0 ? null : (
        <Text size="sm">
          {t('drawer.overrode', {
            rules: event.overrides.map((one) => t(`override.mark.${one}`)).join(', '),
          })}
        </Text>
      )}
      {reason === null || reason === '' ? null : <Text size="sm">{t('drawer.because', { reason })}</Text>}
      <Text size="sm" c="dimmed">
        {t('drawer.at', { date: day(dateOf(event.at)), time: timeOf(event.at), who })}
      </Text>
    </>
  )
}
