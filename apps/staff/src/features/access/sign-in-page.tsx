import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { SignInForm } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../components/page-title.ts'
import { PlainFrame } from './plain-frame.tsx'

/** Where somebody without a session lands, whatever the address: after signing in they are where they wanted to be. */
export function SignInPage({ onSuccess }: { onSuccess: () => Promise<void> }) {
  const { t } = useTranslation(['staff', 'ui'])
  usePageTitle(t('signIn.title'))
  return (
    <PlainFrame>
      <div className="vc-surface vs-panel">
        <Stack gap="lg">
          <div>
            <Title order={1} size="h2" mb={4}>
              {t('signIn.title')}
            </Title>
            <Text c="dimmed">{t('signIn.lead')}</Text>
          </div>
          <SignInForm onSuccess={onSuccess} />
          <Anchor
            ta="center"
            underline="always"
            renderRoot={(props) => <Link to="/forgot-password" {...props} />}
          >
            {t('ui:auth.forgot')}
          </Anchor>
        </Stack>
      </div>
      <Text size="sm" ta="center" mt="lg">
        {t('signIn.owners')}
        <Anchor href="/" inherit underline="always" display="block">
          {t('signIn.ownersLink')}
        </Anchor>
      </Text>
    </PlainFrame>
  )
}
