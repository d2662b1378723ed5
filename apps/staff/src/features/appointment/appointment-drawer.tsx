import { Alert, Anchor, Button, Drawer, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AppointmentDetail, DayAppointment } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import {
  ErrorState,
  formatDate,
  formatMinutes,
  formatMoney,
  type Language,
  ListSkeleton,
  StatusBadge,
  useLanguage,
  useSpeciesName,
  useTRPC,
} from '@vetcita/ui'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AppointmentButtons } from '../../appointment/appointment-buttons.tsx'
import type { Desk } from '../../appointment/desk.ts'
import type { Trouble } from '../../appointment/use-status-changes.ts'
import { PhoneLink } from '../../components/phone-link.tsx'
import { useStaffSentence } from '../../components/staff-sentence.ts'
import { History } from './history.tsx'
import { Notes } from './notes.tsx'

interface AppointmentDrawerProps {
  clinic: string
  /** Undefined while none is open. */
  appointment: DayAppointment | undefined
  desk: Desk
  trouble: Trouble | undefined
  /** A dialog lies over it: Escape is then meant for that one. */
  isCovered: boolean
  onClose: () => void
}

/** One appointment with everything that is known of it: whose, when, what for, and what can be done about it. */
export function AppointmentDrawer({
  clinic,
  appointment,
  desk,
  trouble,
  isCovered,
  onClose,
}: AppointmentDrawerProps) {
  const { t } = useTranslation(['staff', 'ui'])
  return (
    <Drawer
      opened={appointment !== undefined}
      onClose={onClose}
      closeOnEscape={!isCovered}
      position="right"
      size="md"
      title={appointment === undefined ? '' : t('drawer.title', { pet: appointment.pet.name })}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      {appointment === undefined ? null : (
        <Details
          key={appointment.id}
          clinic={clinic}
          appointment={appointment}
          desk={desk}
          trouble={trouble}
        />
      )}
    </Drawer>
  )
}

interface DetailsProps {
  clinic: string
  appointment: DayAppointment
  desk: Desk
  trouble: Trouble | undefined
}

function Details({ clinic, appointment, desk, trouble }: DetailsProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { pet, service, vet, status } = appointment
  const nameOf = useSpeciesName()
  const trpc = useTRPC()
  const query = useQuery(trpc.appointments.detail.queryOptions({ appointmentId: appointment.id }))
  const detail = query.data?.success ? query.data.appointment : undefined
  const isBusy = desk.changes.pending.has(appointment.id)
  const body = useRef<HTMLDivElement>(null)
  const wasBusy = useRef(false)
  useEffect(() => {
    // The button that was pressed may be gone with the old status; the keyboard then stays in the drawer.
    if (wasBusy.current && !isBusy && document.activeElement === document.body) body.current?.focus()
    wasBusy.current = isBusy
  }, [isBusy])
  return (
    <Stack ref={body} tabIndex={-1} aria-busy={isBusy} className="vs-drawer">
      <div>
        <Text fw={600} className="vc-capital">
          {formatDate(dateOf(appointment.startTime), 'long', language)}
        </Text>
        <Text className="vs-drawer-time">
          {timeOf(appointment.startTime)} – {timeOf(appointment.endTime)}
        </Text>
      </div>
      <div>
        <StatusBadge status={status} />
      </div>
      <AppointmentButtons
        appointment={appointment}
        now={desk.now}
        isBusy={isBusy}
        onChange={(to) => desk.changes.change(appointment, to)}
        onMove={() => desk.move(appointment)}
        onCancel={() => desk.cancel(appointment)}
      />
      {trouble === undefined ? null : (
        <TroubleAlert trouble={trouble} onDismiss={() => desk.changes.dismiss(appointment.id)} />
      )}
      <dl className="vs-facts">
        <Fact label={t('drawer.pet')}>
          {pet.name} · {nameOf(pet.species)}
        </Fact>
        <Fact label={t('drawer.owner')}>
          <Anchor
            underline="always"
            renderRoot={(props) => (
              <Link
                to="/$clinic/clients/$client"
                params={{ clinic, client: appointment.owner.id }}
                {...props}
              />
            )}
          >
            {appointment.owner.fullName ?? t('card.noName')}
          </Anchor>
          <br />
          <PhoneLink owner={appointment.owner} />
        </Fact>
        <Fact label={t('drawer.email')}>{detail?.owner?.email ?? null}</Fact>
        <Fact label={t('drawer.service')}>
          {service.name ?? t('card.retiredService')}
          {detail === undefined ? null : (
            <Text size="sm" c="dimmed">
              {lengthAndPrice(detail, language)}
            </Text>
          )}
        </Fact>
        <Fact label={t('drawer.vet')}>{vet.fullName}</Fact>
        <Fact label={t('card.reason')}>{appointment.reason}</Fact>
        {status === 'cancelled' ? (
          <Fact label={t('card.cancelled')}>{appointment.cancellationReason}</Fact>
        ) : null}
      </dl>
      <Notes appointmentId={appointment.id} notes={appointment.notes ?? ''} />
      {detail === undefined ? (
        query.error === null ? (
          <ListSkeleton rows={2} height={44} />
        ) : (
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
        )
      ) : (
        <History events={detail.history} />
      )}
    </Stack>
  )
}

function lengthAndPrice({ service, currency }: AppointmentDetail, language: Language): string {
  const length = formatMinutes(service.durationMinutes)
  return service.price === null ? length : `${length} · ${formatMoney(service.price, currency, language)}`
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === null || children === '') return null
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function TroubleAlert({ trouble, onDismiss }: { trouble: Trouble; onDismiss: () => void }) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  return (
    <Alert role="alert" color="orange" p="xs">
      <Stack gap={6} align="flex-start">
        <Text size="sm">{sentence(trouble.problem)}</Text>
        <Button size="compact-sm" variant="default" onClick={onDismiss}>
          {t('card.dismiss')}
        </Button>
      </Stack>
    </Alert>
  )
}
