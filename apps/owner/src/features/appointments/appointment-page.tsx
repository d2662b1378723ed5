import { Group, Stack, Text, Title } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { AppointmentDetail } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import {
  EmptyState,
  errorCode,
  formatMinutes,
  formatMoney,
  QueryPending,
  StatusBadge,
  useLanguage,
  useTRPC,
  ZoneNote,
} from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { CalendarLink } from '../../appointment/calendar-link.tsx'
import { HeldUntil, Preparation } from '../../appointment/service-notes.tsx'
import { ButtonLink, TextLink } from '../../components/links.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import { MembersOnly } from '../../session/members-only.tsx'
import { ChangeButtons } from './change-buttons.tsx'
import { ChangeDialogs, ChangeOutcome, useChanges } from './change-dialogs.tsx'
import { History } from './history.tsx'

const route = getRouteApi('/$clinic/portal/appointments/$appointment')

/** An appointment's details and history, and how to change it. */
export function AppointmentPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap="lg">
      <title>{`${t('appointments.title')} · ${clinic.name}`}</title>
      <div>
        <TextLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }} size="sm">
          {t('appointments.all')}
        </TextLink>
      </div>
      <MembersOnly>
        <Appointment />
      </MembersOnly>
    </Stack>
  )
}

function Appointment() {
  const trpc = useTRPC()
  const { appointment: appointmentId } = route.useParams()
  const detail = useQuery(trpc.appointments.detail.queryOptions({ appointmentId }))
  if (detail.data?.success) return <Shown appointment={detail.data.appointment} />
  // a malformed id is as unknown as any other
  if (detail.data !== undefined || errorCode(detail.error) === 'INVALID_INPUT') return <NotFound />
  return <QueryPending query={detail} rows={2} height={240} />
}

function NotFound() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <EmptyState icon={IconCalendarOff} title={t('appointments.notFound')}>
      <Text c="dimmed">{t('appointments.notFoundHint')}</Text>
      <ButtonLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }}>
        {t('appointments.all')}
      </ButtonLink>
    </EmptyState>
  )
}

function Shown({ appointment }: { appointment: AppointmentDetail }) {
  const { t } = useTranslation('owner')
  const { done, ask, dialogs } = useChanges()
  const isCancelled = appointment.status === 'cancelled'
  const wasMoved = appointment.history.some(({ event }) => event === 'rescheduled')
  const preparation = useClinic().services.find(({ id }) => id === appointment.service.id)?.preparation
  const isToCome = appointment.canMove || appointment.canCancel
  return (
    <>
      <ChangeOutcome done={done} />
      <Group justify="space-between" align="flex-start">
        <Title>
          {appointment.service.name ?? t('appointments.aService')} · {appointment.pet.name}
        </Title>
        <StatusBadge status={appointment.status} />
      </Group>
      <div className="two-columns">
        <Stack className="vc-surface" p="lg" gap="lg">
          <Facts appointment={appointment} />
          <HeldUntil holdExpiresAt={appointment.holdExpiresAt} />
          {isToCome ? <Preparation text={preparation} /> : null}
          <Until moveUntil={appointment.moveUntil} cancelUntil={appointment.cancelUntil} />
          <Group gap="xs">
            <ChangeButtons appointment={appointment} onChange={(change) => ask(appointment, change)} />
            {isToCome || isCancelled ? (
              <CalendarLink
                appointmentId={appointment.id}
                what={isCancelled ? 'remove' : wasMoved ? 'update' : 'add'}
                size="sm"
              />
            ) : null}
          </Group>
        </Stack>
        <History events={appointment.history} />
      </div>
      <ChangeDialogs {...dialogs} />
    </>
  )
}

/** What the pet owner may still do, and until when. */
function Until({ moveUntil, cancelUntil }: Pick<AppointmentDetail, 'moveUntil' | 'cancelUntil'>) {
  const { t } = useTranslation('owner')
  const date = useLongDate()
  const at = (moment: string) => ({ date: date(dateOf(moment)), time: timeOf(moment) })
  if (cancelUntil === null) return null
  return (
    <Text size="sm" c="dimmed">
      {moveUntil === cancelUntil
        ? t('appointments.changeUntil', at(cancelUntil))
        : moveUntil === null
          ? t('appointments.cancelUntil', at(cancelUntil))
          : `${t('appointments.moveUntil', at(moveUntil))} ${t('appointments.cancelUntil', at(cancelUntil))}`}
    </Text>
  )
}

function Facts({ appointment }: { appointment: AppointmentDetail }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const language = useLanguage()
  const date = useLongDate()
  const { service, vet } = appointment
  const range = t('appointments.range', {
    from: timeOf(appointment.startTime),
    to: timeOf(appointment.endTime),
  })
  const rows = [
    [t('appointments.when'), `${date(dateOf(appointment.startTime))}, ${range}`],
    [t('booking.done.where'), clinic.name],
    [t('appointments.vet'), vet.fullName ?? t('appointments.aVet')],
    [t('appointments.pet'), appointment.pet.name],
    [
      t('appointments.service'),
      `${service.name ?? t('appointments.aService')}, ${formatMinutes(service.durationMinutes)}`,
    ],
    [
      t('appointments.price'),
      service.price === null ? null : formatMoney(service.price, appointment.currency, language),
    ],
    [t('appointments.reason'), appointment.reason],
    [t('appointments.cancelled'), appointment.cancellationReason],
  ] as const
  return (
    <>
      <dl className="facts">
        {rows.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="fact">
              <Text component="dt" size="sm" c="dimmed">
                {label}
              </Text>
              <Text component="dd" fw={600} className="vc-capital" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ),
        )}
      </dl>
      <ZoneNote timeZone={clinic.timeZone} />
    </>
  )
}
