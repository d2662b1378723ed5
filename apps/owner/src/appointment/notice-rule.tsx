import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
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

/** Before confirming: the same rule, or a warning if the start is so near that it can't be changed afterwards. */
export function StartNotice({ startTime }: { startTime: string }) {
  const { t } = useTranslation('owner')
  const { changeNoticeMinutes, graceMinutes } = useClinic()
  if (Date.parse(startTime) - changeNoticeMinutes * 60_000 > Date.now()) return <NoticeRule />
  const words = { notice: formatMinutes(changeNoticeMinutes), grace: formatMinutes(graceMinutes) }
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} py="sm">
      <Text size="sm">
        {t(graceMinutes === 0 ? 'booking.confirm.insideNotice' : 'booking.confirm.insideNoticeGrace', words)}
      </Text>
    </Alert>
  )
}
