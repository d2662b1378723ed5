import { Text } from '@mantine/core'
import { formatMinutes } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../session/clinic.tsx'

/** States how long before an appointment it may still be moved or cancelled at this clinic. */
export function NoticeRule() {
  const { t } = useTranslation('owner')
  const { changeNoticeMinutes } = useClinic()
  return (
    <Text size="sm" c="dimmed">
      {changeNoticeMinutes === 0
        ? t('appointments.ruleNone')
        : t('appointments.rule', { notice: formatMinutes(changeNoticeMinutes) })}
    </Text>
  )
}
