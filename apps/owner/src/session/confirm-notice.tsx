import { Alert, Button, Group, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useSession } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ResendConfirmation } from './resend-confirmation.tsx'

/** Asks users to confirm their email address; offers another mail and can be dismissed. Loaded only if needed. */
export default function ConfirmNotice() {
  const { t } = useTranslation('owner')
  const { user } = useSession()
  const [isDismissed, setIsDismissed] = useState(false)
  if (user === null || user === undefined || user.emailVerified || isDismissed) return null
  return (
    <Alert color="orange" icon={<IconMail aria-hidden />} mt="xl" py="sm">
      <Text size="sm" mb="xs">
        {t('confirm.notice', { email: user.email })}
      </Text>
      <Group gap="xs">
        <ResendConfirmation email={user.email} />
        <Button variant="subtle" color="orange" size="compact-sm" onClick={() => setIsDismissed(true)}>
          {t('confirm.later')}
        </Button>
      </Group>
    </Alert>
  )
}
