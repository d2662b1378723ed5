import { Group, Stack, Text, Title } from '@mantine/core'
import type { AppointmentView } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { StatusBadge } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { HeldUntil } from '../../appointment/service-notes.tsx'
import { TextLink } from '../../components/links.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import { ChangeButtons } from './change-buttons.tsx'
import type { Change } from './change-dialogs.tsx'

interface AppointmentCardProps {
  appointment: AppointmentView
  /** Given for upcoming appointments; the card offers what the clinic's rules allow. */
  onChange?: (change: Change) => void
}

/** An appointment in a list, with the changes that the pet owner may make. */
export function AppointmentCard({ appointment, onChange }: AppointmentCardProps) {
  const { t } = useTranslation('owner')
  const date = useLongDate()
  const { vet } = appointment
  return (
    <Stack component="article" className="vc-surface" p="md" gap="sm" h="100%">
      <Group justify="space-between" align="flex-start" gap="xs">
        <div>
          <Text fw={650} className="vc-capital">
            {date(dateOf(appointment.startTime))}
          </Text>
          <Text c="dimmed" size="sm">
            {t('appointments.range', {
              from: timeOf(appointment.startTime),
              to: timeOf(appointment.endTime),
            })}
          </Text>
        </div>
        <StatusBadge status={appointment.status} />
      </Group>
      <div>
        <Title order={3}>
          <AppointmentLink appointment={appointment} />
        </Title>
        <Text c="dimmed">
          {vet.fullName === null ? t('appointments.aVet') : t('appointments.withVet', { vet: vet.fullName })}
        </Text>
        <HeldUntil holdExpiresAt={appointment.holdExpiresAt} />
        {appointment.cancellationReason === null ? null : (
          <Text size="sm" mt={4}>
            {t('appointments.reasonWas', { reason: appointment.cancellationReason })}
          </Text>
        )}
      </div>
      {onChange === undefined ? null : (
        <div style={{ marginTop: 'auto' }}>
          <ChangeButtons appointment={appointment} onChange={onChange} />
        </div>
      )}
    </Stack>
  )
}

function AppointmentLink({ appointment }: { appointment: AppointmentView }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <TextLink
      to="/$clinic/portal/appointments/$appointment"
      params={{ clinic: clinic.id, appointment: appointment.id }}
      inherit
    >
      {appointment.service.name ?? t('appointments.aService')} · {appointment.pet.name}
    </TextLink>
  )
}
