import { Badge } from '@mantine/core'
import {
  IconArmchair,
  IconCalendarCheck,
  IconCalendarEvent,
  IconCalendarX,
  IconCircleCheck,
  IconHourglass,
  IconStethoscope,
  IconUserX,
} from '@tabler/icons-react'
import type { AppointmentStatus } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'

/** A status's colour in the theme and its icon. */
export const STATUS_LOOK: Record<AppointmentStatus, { color: string; icon: typeof IconCalendarEvent }> = {
  held: { color: 'orange', icon: IconHourglass },
  scheduled: { color: 'petrol', icon: IconCalendarEvent },
  confirmed: { color: 'green', icon: IconCalendarCheck },
  checked_in: { color: 'orange', icon: IconArmchair },
  in_progress: { color: 'violet', icon: IconStethoscope },
  completed: { color: 'gray', icon: IconCircleCheck },
  cancelled: { color: 'red', icon: IconCalendarX },
  no_show: { color: 'pink', icon: IconUserX },
}

/** An appointment's status as text, icon and colour, so that it never depends on colour alone. */
export function StatusBadge({ status }: { status: AppointmentStatus }) {
  const { t } = useTranslation('ui')
  const { color, icon: Icon } = STATUS_LOOK[status]
  return (
    <Badge
      variant="light"
      color={color}
      size="lg"
      tt="none"
      fw={600}
      leftSection={<Icon size={16} stroke={1.8} aria-hidden />}
    >
      {t(`status.${status}`)}
    </Badge>
  )
}
