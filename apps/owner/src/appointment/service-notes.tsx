import { Alert, Text } from '@mantine/core'
import { IconHourglass, IconInfoCircle } from '@tabler/icons-react'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { useLongDate } from '../session/clinic.tsx'

/** What to do before coming, in the clinic's words; nothing if there is none. */
export function Preparation({ text }: { text: string | null | undefined }) {
  const { t } = useTranslation('owner')
  if (text === null || text === undefined) return null
  return (
    <Alert color="petrol" icon={<IconInfoCircle aria-hidden />} title={t('booking.preparation')} py="sm">
      <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
        {text}
      </Text>
    </Alert>
  )
}

/** Before confirming: the clinic has to accept it. */
export function BookedByRequest() {
  const { t } = useTranslation('owner')
  return (
    <Alert color="orange" icon={<IconHourglass aria-hidden />} title={t('booking.request.title')} py="sm">
      <Text size="sm">{t('booking.request.rule')}</Text>
    </Alert>
  )
}

/** Of a held appointment: until when it waits for the clinic's answer. */
export function HeldUntil({ holdExpiresAt }: { holdExpiresAt: string | null }) {
  const { t } = useTranslation('owner')
  const date = useLongDate()
  if (holdExpiresAt === null) return null
  return (
    <Text size="sm">
      {t('booking.request.until', { date: date(dateOf(holdExpiresAt)), time: timeOf(holdExpiresAt) })}
    </Text>
  )
}
