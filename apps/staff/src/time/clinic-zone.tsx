import { Text } from '@mantine/core'
import { formatZone, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { offsetMinutes } from './clinic-instant.ts'

interface ClinicZoneProps {
  /** The present instant, with the clinic's offset. */
  now: string
  timeZone: string
}

/** Names the clinic's time zone if this device is in another one. */
export function ClinicZone({ now, timeZone }: ClinicZoneProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  if (offsetMinutes(now) === -new Date(now).getTimezoneOffset()) return null
  return (
    <Text size="sm" c="dimmed">
      {t('day.zone', { zone: formatZone(timeZone, language) })}
    </Text>
  )
}
