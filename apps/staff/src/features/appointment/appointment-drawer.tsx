import { Alert, Anchor, Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AppointmentDetail, AppointmentStatus, DayAppointment } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import {
  formatDate,
  formatMinutes,
  formatMoney,
  type Language,
  QueryPending,
  StatusBadge,
  useLanguage,
  useSpeciesName,
  useTRPC,
} from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppointmentButtons } from '../../appointment/appointment-buttons.tsx'
import type { AppointmentControls } from '../../appointment/appointment-controls.ts'
import { AppointmentMarks } from '../../appointment/appointment-marks.tsx'
import type { FailedChange } from '../../appointment/use-status-changes.ts'
import { PhoneLink } from '../../components/phone-link.tsx'
import { useStaffSentence } from '../../components/staff-sentence.ts'
import { useKeepFocus } from '../../components/use-keep-focus.ts'
import { History } from './history.tsx'
import { Notes } from './notes.tsx'

interface AppointmentDrawerProps {
  clinic: string
  /** Undefined if none is open. */
  appointment: DayAppointment | undefined
  controls: AppointmentControls
  failed: FailedChange | undefined
  /** A dialog is open over the drawer, so Escape must not close the drawer. */
  isCovered: boolean
  onClose: () => void
}

/** All about one appointment, its notes and history, and buttons to change it. */
export function AppointmentDrawer({
  clinic,
  appointment,
  controls,
  failed,
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
          controls={controls}
          failed={failed}
        />
      )}
    </Drawer>
  )
}

interface DetailsProps {
  clinic: string
  appointment: DayAppointment
  controls: AppointmentControls
  failed: FailedChange | undefined
}

function Details({ clinic, appointment, controls, failed }: DetailsProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { pet, service, vet, status } = appointment
  const nameOf = useSpeciesName()
  const trpc = useTRPC()
  const query = useQuery(trpc.appointments.detail.queryOptions({ appointmentId: appointment.id }))
  const detail = query.data?.success ? query.data.appointment : undefined
  const isBusy = controls.changes.pending.has(appointment.id)
  const body = useKeepFocus<HTMLDivElement>(isBusy)
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
      <AppointmentMarks appointment={appointment} />
      <AppointmentButtons
        appointment={appointment}
        now={controls.now}
        isBusy={isBusy}
        onChange={(to) => controls.changes.change(appointment, to)}
        onMove={() => controls.move(appointment)}
        onCancel={() => controls.cancel(appointment)}
      />
      <Group gap="xs">
        {['completed', 'cancelled', 'no_show'].includes(status) ? null : (
          <Button
            size="compact-sm"
            variant="default"
            disabled={isBusy}
            onClick={() => controls.edit(appointment)}
          >
            {t('edit.open')}
          </Button>
        )}
        <StepBack
          to={detail?.stepBack ?? null}
          isBusy={isBusy}
          onStep={(to) => controls.changes.change(appointment, to)}
        />
      </Group>
      {failed === undefined ? null : (
        <FailedAlert failed={failed} onDismiss={() => controls.changes.dismiss(appointment.id)} />
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
              {durationAndPrice(detail, language)}
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
        <QueryPending query={query} rows={2} height={44} />
      ) : (
        <History events={detail.history} />
      )}
    </Stack>
  )
}

interface StepBackProps {
  /** Null if there is no step that could be taken back today. */
  to: AppointmentStatus | null
  isBusy: boolean
  onStep: (to: AppointmentStatus) => void
}

/** Takes the last change of the status back. */
function StepBack({ to, isBusy, onStep }: StepBackProps) {
  const { t } = useTranslation(['staff', 'ui'])
  if (to === null) return null
  return (
    <Button size="compact-sm" variant="default" disabled={isBusy} onClick={() => onStep(to)}>
      {t('drawer.stepBack', { status: t(`ui:status.${to}`) })}
    </Button>
  )
}

function durationAndPrice({ service, currency }: AppointmentDetail, language: Language): string {
  const duration = formatMinutes(service.durationMinutes)
  return service.price === null ? duration : `${duration} · ${formatMoney(service.price, currency, language)}`
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

function FailedAlert({ failed, onDismiss }: { failed: FailedChange; onDismiss: () => void }) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  return (
    <Alert role="alert" color="orange" p="xs">
      <Stack gap={6} align="flex-start">
        <Text size="sm">{sentence(failed.problem)}</Text>
        <Button size="compact-sm" variant="default" onClick={onDismiss}>
          {t('card.dismiss')}
        </Button>
      </Stack>
    </Alert>
  )
}
