import { Alert, Button, Group, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useSession } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ResendConfirmation } from './resend-confirmation.tsx'

/** Loaded by who needs it alone. On the pages of who has not confirmed their address: where to look, another mail, and not now. */
export default function ConfirmNotice() {
  const { t } = useTranslation('owner')
  const { user } = useSession()
  const [isPutOff, setIsPutOff] = useState(false)
  if (user === null || user === undefined || user.emailVerified || isPutOff) return null
  return (
    <Alert color="orange" icon={<IconMail aria-hidden />} mb="lg" py="sm">
      <Text size="sm" mb="xs">
        {t('confirm.notice', { email: user.email })}
      </Text>
      <Group gap="xs">
        <ResendConfirmation email={user.email} />
        <Button variant="subtle" color="orange" size="compact-sm" onClick={() => setIsPutOff(true)}>
          {t('confirm.later')}
        </Button>
      </Group>
    </Alert>
  )
}
