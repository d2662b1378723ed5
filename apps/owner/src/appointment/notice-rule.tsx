import { Text } from '@mantine/core'
import { formatMinutes } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../session/clinic.tsx'

/** Until when an owner may move or cancel an appointment at this clinic: told before, not after. */
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
