import { Group, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCalendarHeart, IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { timeOf } from '@vetcita/contracts/moment'
import { EmptyState, useTRPC, ZoneNote } from '@vetcita/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CalendarLink } from '../../appointment/calendar-link.tsx'
import { HeldUntil, Preparation } from '../../appointment/service-notes.tsx'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import { another } from './choice.ts'
import { useChoiceInWords } from './summary.tsx'
import { useTermsInWords } from './terms.tsx'
import { useChoice, useChosenService } from './use-choice.ts'

/**
 * After success: what, for whom, when, where and with whom. The choice is shown at once; the appointment as the clinic has
 * it now replaces it, which matters when this address is opened again later.
 */
export function Done({ appointmentId }: { appointmentId: string }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const date = useLongDate()
  const trpc = useTRPC()
  const { choice } = useChoice()
  const words = useChoiceInWords(choice)
  const terms = useTermsInWords()
  const chosen = useChosenService()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const detail = useQuery(trpc.appointments.detail.queryOptions({ appointmentId }))
  if (detail.data?.success === false) return <Gone />
  const booked = detail.data?.appointment
  const start = booked?.startTime ?? choice.time
  const service = clinic.services.find(({ id }) => id === booked?.service.id) ?? chosen
  const isHeld = booked === undefined ? chosen?.booking === 'request' : booked.status === 'held'
  const rows = [
    [t('booking.done.what'), booked?.service.name ?? words.service],
    [t('booking.done.forWhom'), booked?.pet.name ?? words.pet],
    [t('booking.done.when'), start === undefined ? undefined : `${date(start)}, ${timeOf(start)}`],
    [t('booking.done.where'), clinic.name],
    [t('booking.done.who'), booked?.vet.fullName ?? words.vet],
    [t('booking.done.terms'), booked === undefined ? undefined : terms(booked.service)],
  ] as const
  return (
    <Stack maw={520} mx="auto" gap="lg">
      <Stack align="center" ta="center" gap="xs">
        <ThemeIcon size={72} radius="xl" variant="light">
          <IconCalendarHeart size={38} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Title ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {t(isHeld ? 'booking.request.sent' : 'booking.done.title')}
        </Title>
        <Text role="status">
          {start === undefined
            ? t('booking.done.lead')
            : t(isHeld ? 'booking.request.announce' : 'booking.done.announce', {
                date: date(start),
                time: timeOf(start),
              })}
        </Text>
      </Stack>
      <Stack className="vc-surface" p="lg" gap="md">
        <Stack component="dl" m={0} gap="md">
          {rows.map(([label, value]) =>
            value === undefined ? null : (
              <Group key={label} justify="space-between" wrap="nowrap" align="flex-start">
                <Text component="dt" c="dimmed">
                  {label}
                </Text>
                <Text component="dd" m={0} fw={600} ta="end" className="vc-capital">
                  {value}
                </Text>
              </Group>
            ),
          )}
        </Stack>
        {isHeld ? <HeldUntil holdExpiresAt={booked?.holdExpiresAt ?? null} /> : null}
        <Preparation text={service?.preparation} />
        <ZoneNote timeZone={clinic.timeZone} />
        <CalendarLink appointmentId={appointmentId} what="add" />
      </Stack>
      <Group grow>
        <ButtonLink
          to="/$clinic/portal/appointments/$appointment"
          params={{ clinic: clinic.id, appointment: appointmentId }}
        >
          {t('booking.done.appointments')}
        </ButtonLink>
        <ButtonLink
          to="/$clinic/book"
          params={{ clinic: clinic.id }}
          search={another(choice)}
          variant="default"
        >
          {t('booking.done.another')}
        </ButtonLink>
      </Group>
    </Stack>
  )
}

/** The URL names a booking that is not the user's. */
function Gone() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <EmptyState icon={IconCalendarOff} title={t('booking.done.gone')}>
      <Text c="dimmed">{t('booking.done.goneHint')}</Text>
      <ButtonLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }}>
        {t('appointments.all')}
      </ButtonLink>
    </EmptyState>
  )
}
