import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Whether a client has an account of their own. */
export function AccountBadge({ hasAccount }: { hasAccount: boolean }) {
  const { t } = useTranslation('staff')
  return (
    <Badge className="vs-badge" variant="light" color={hasAccount ? 'green' : 'gray'} tt="none" fw={600}>
      {t(hasAccount ? 'clients.hasAccount' : 'clients.walkIn')}
    </Badge>
  )
}
