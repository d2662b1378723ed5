import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ForgotPassword } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../components/page-title.ts'
import { PlainFrame } from './plain-frame.tsx'

/** Asks for a mail with which staff set a new password. */
export function ForgotPage() {
  const { t } = useTranslation('ui')
  usePageTitle(t('forgot.title'))
  return (
    <PlainFrame>
      <Stack className="vc-surface vs-panel" gap="lg">
        <div>
          <Title order={1} size="h2" mb={4}>
            {t('forgot.title')}
          </Title>
          <Text c="dimmed">{t('forgot.lead')}</Text>
        </div>
        <ForgotPassword origin={{ app: 'staff' }} />
        <Anchor ta="center" underline="always" renderRoot={(props) => <Link to="/" {...props} />}>
          {t('forgot.back')}
        </Anchor>
      </Stack>
    </PlainFrame>
  )
}
