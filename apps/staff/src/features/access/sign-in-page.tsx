import { Anchor, Stack, Text, Title } from '@mantine/core'
import { SignInForm } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../components/page-title.ts'
import { ForgotLink } from './forgot-link.tsx'
import { PlainFrame } from './plain-frame.tsx'

/** Shown at every address until the user signs in, so that they end up at the page they asked for. */
export function SignInPage({ onSuccess }: { onSuccess: () => Promise<void> }) {
  const { t } = useTranslation('staff')
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
          <ForgotLink />
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
