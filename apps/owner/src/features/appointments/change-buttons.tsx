import { Button, Group, Text } from '@mantine/core'
import type { AppointmentView } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import type { Change } from './change-dialogs.tsx'

const OVER: readonly AppointmentView['status'][] = ['completed', 'cancelled', 'no_show']

interface ChangeButtonsProps {
  appointment: AppointmentView
  onChange: (change: Change) => void
}

/** The changes that the pet owner may make; a hint to call the clinic if it is too late; nothing once it is over. */
export function ChangeButtons({ appointment, onChange }: ChangeButtonsProps) {
  const { t } = useTranslation('owner')
  const names = { service: appointment.service.name ?? t('appointments.aService'), pet: appointment.pet.name }
  if (OVER.includes(appointment.status)) return null
  if (!appointment.canMove && !appointment.canCancel) {
    return (
      <Text size="sm" c="dimmed">
        {t('appointments.tooLate')}
      </Text>
    )
  }
  return (
    <Group gap="xs">
      {appointment.canMove ? (
        <Button
          variant="light"
          size="sm"
          aria-label={t('appointments.moveLabel', names)}
          onClick={() => onChange('move')}
        >
          {t('appointments.move')}
        </Button>
      ) : null}
      {appointment.canCancel ? (
        <Button
          variant="subtle"
          color="red"
          size="sm"
          aria-label={t('appointments.cancelLabel', names)}
          onClick={() => onChange('cancel')}
        >
          {t('appointments.cancel')}
        </Button>
      ) : null}
    </Group>
  )
}
