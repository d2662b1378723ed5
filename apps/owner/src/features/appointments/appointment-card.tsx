import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { AppointmentView } from '@vetcita/contracts'
import { formatDate, StatusBadge, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

interface AppointmentCardProps {
  appointment: AppointmentView
  /** Given for what has not happened yet; shown where the clinic's rules allow it. */
  onMove?: () => void
  onCancel?: () => void
}

const OVER: readonly AppointmentView['status'][] = ['completed', 'cancelled', 'no_show']

/** One appointment: when, what, for whom, with whom, its status, and what its owner may do. */
export function AppointmentCard({ appointment, onMove, onCancel }: AppointmentCardProps) {
  const { t } = useTranslation('owner')
  const language = useLanguage()
  const service = appointment.service.name ?? t('appointments.aService')
  const pet = appointment.pet.name
  const vet =
    appointment.vet.fullName === null
      ? t('appointments.aVet')
      : t('appointments.withVet', { vet: appointment.vet.fullName })
  const isFixed = !appointment.canMove && !appointment.canCancel && !OVER.includes(appointment.status)
  return (
    <Stack component="article" className="vc-surface" p="md" gap="sm" h="100%">
      <Group justify="space-between" align="flex-start" gap="xs">
        <div>
          <Text fw={650} className="vc-capital">
            {formatDate(appointment.localDate, 'long', language)}
          </Text>
          <Text c="dimmed" size="sm">
            {t('appointments.range', { from: appointment.localTime, to: appointment.localEndTime })}
          </Text>
        </div>
        <StatusBadge status={appointment.status} />
      </Group>
      <div>
        <Title order={3}>
          {service} · {pet}
        </Title>
        <Text c="dimmed">{vet}</Text>
        {appointment.cancellationReason === null ? null : (
          <Text size="sm" mt={4}>
            {t('appointments.reasonWas', { reason: appointment.cancellationReason })}
          </Text>
        )}
      </div>
      {onMove === undefined || isFixed ? null : (
        <Group gap="xs">
          {appointment.canMove ? (
            <Button
              variant="light"
              size="sm"
              aria-label={t('appointments.moveLabel', { service, pet })}
              onClick={onMove}
            >
              {t('appointments.move')}
            </Button>
          ) : null}
          {appointment.canCancel ? (
            <Button
              variant="subtle"
              color="red"
              size="sm"
              aria-label={t('appointments.cancelLabel', { service, pet })}
              onClick={onCancel}
            >
              {t('appointments.cancel')}
            </Button>
          ) : null}
        </Group>
      )}
      {onMove !== undefined && isFixed ? (
        <Text size="sm" c="dimmed">
          {t('appointments.tooLate')}
        </Text>
      ) : null}
    </Stack>
  )
}
