import { Button, type ButtonProps } from '@mantine/core'
import { IconCalendarDown, IconCalendarMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../session/clinic.tsx'

interface CalendarLinkProps extends ButtonProps {
  appointmentId: string
  /** What the calendar does with the event, which it recognizes by its id. */
  what: 'add' | 'update' | 'remove'
}

/** The appointment as a calendar file. A plain link, since phones open their calendar for a link only. */
export function CalendarLink({ appointmentId, what, ...look }: CalendarLinkProps) {
  const { t } = useTranslation('owner')
  const { id } = useClinic()
  const Icon = what === 'remove' ? IconCalendarMinus : IconCalendarDown
  return (
    <Button
      component="a"
      variant="default"
      leftSection={<Icon size={18} aria-hidden />}
      {...look}
      href={`/api/calendar/${id}/${appointmentId}.ics`}
    >
      {t(`appointments.calendar.${what}`)}
    </Button>
  )
}
