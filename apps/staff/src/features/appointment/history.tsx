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
      {event.event === 'edited' && from !== null && to !== null ? <Edited from={from} to={to} /> : null}
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

type Snapshot = NonNullable<AppointmentEvent['to']>

/** What an edit changed, one line each. */
function Edited({ from, to }: { from: Snapshot; to: Snapshot }) {
  const { t } = useTranslation('staff')
  const fields = [
    [t('edit.pet'), from.petName, to.petName],
    [t('edit.service'), from.serviceName, to.serviceName],
    [t('edit.length'), minutesOf(from), minutesOf(to)],
    [t('edit.reason'), from.reason, to.reason],
  ] as const
  const changed = fields.filter(([, before, after]) => before !== after)
  return (
    <>
      <Text size="sm">{t('drawer.edited')}</Text>
      {changed.map(([field, before, after]) => (
        <Text key={field} size="sm">
          {t('drawer.change', {
            field,
            from: before ?? t('drawer.nothing'),
            to: after ?? t('drawer.nothing'),
          })}
        </Text>
      ))}
    </>
  )
}

function minutesOf({ startTime, endTime }: Snapshot): string | null {
  return endTime === null ? null : String((Date.parse(endTime) - Date.parse(startTime)) / 60_000)
}
