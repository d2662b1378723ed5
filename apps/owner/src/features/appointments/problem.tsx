import { Alert, Text } from '@mantine/core'
import { IconCalendarOff, IconRefreshAlert } from '@tabler/icons-react'
import type { AppointmentView } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'

/** The clinic changed the appointment first: shows what it is now and asks again. */
export function Stale({ title, text }: { title: string; text: string }) {
  return (
    <Alert role="alert" color="orange" icon={<IconRefreshAlert aria-hidden />} title={title}>
      <Text size="sm">{text}</Text>
    </Alert>
  )
}

/** The change is no longer possible: shows what the appointment is now. */
export function Gone({ title, appointment }: { title: string; appointment: AppointmentView }) {
  const { t } = useTranslation(['owner', 'ui'])
  const isOpen = appointment.status === 'scheduled' || appointment.status === 'confirmed'
  return (
    <Alert role="alert" color="orange" icon={<IconCalendarOff aria-hidden />} title={title}>
      <Text size="sm">
        {isOpen
          ? t('owner:appointments.tooLate')
          : t('owner:reschedule.goneNow', { status: t(`ui:status.${appointment.status}`) })}
      </Text>
      {appointment.cancellationReason === null ? null : (
        <Text size="sm" mt={4}>
          {t('owner:appointments.reasonWas', { reason: appointment.cancellationReason })}
        </Text>
      )}
    </Alert>
  )
}
