import { Badge, Group, Text } from '@mantine/core'
import type { DayAppointment } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

type Marked = Pick<DayAppointment, 'squeezeIn' | 'overrides'>

/** Returns the names of what was set aside for an appointment, a squeeze-in first. */
export function marksOf({ squeezeIn, overrides }: Marked) {
  return [...(squeezeIn ? (['squeeze_in'] as const) : []), ...overrides]
}

/** What was set aside for an appointment, and until when a request waits for an answer. */
export function AppointmentMarks({ appointment }: { appointment: DayAppointment }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { holdExpiresAt } = appointment
  const marks = marksOf(appointment)
  if (marks.length === 0 && holdExpiresAt === null) return null
  return (
    <Group gap={6}>
      {marks.map((mark) => (
        <Badge key={mark} variant="outline" color="orange" tt="none">
          {t(`override.mark.${mark}`)}
        </Badge>
      ))}
      {holdExpiresAt === null ? null : (
        <Text size="sm" fw={600}>
          {t('override.heldUntil', {
            date: formatDate(dateOf(holdExpiresAt), 'short', language),
            time: timeOf(holdExpiresAt),
          })}
        </Text>
      )}
    </Group>
  )
}
