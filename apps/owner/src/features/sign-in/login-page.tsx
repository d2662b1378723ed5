import { Container, Stack, Text, Title } from '@mantine/core'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { ListSkeleton, useSession } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'
import { SignInPanel } from '../../lib/sign-in-panel.tsx'

const route = getRouteApi('/$clinic/login')

/** Sign in or up, join the clinic, and go back to where one came from. */
export function LoginPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const router = useRouter()
  const { back } = route.useSearch()
  const { user } = useSession()
  const onDone = () => router.history.push(back ?? `/${clinic.id}`)
  return (
    <Container size={440} p={0}>
      <title>{`${t('signIn.title')} · ${clinic.name}`}</title>
      <Stack gap="lg">
        <Stack gap={4}>
          <Title>{t('signIn.title')}</Title>
          <Text c="dimmed">{t('signIn.lead')}</Text>
        </Stack>
        {user === undefined ? (
          <ListSkeleton rows={1} height={320} />
        ) : user === null ? (
          <div className="vc-surface" style={{ padding: '1.5rem' }}>
            <SignInPanel startWith="signIn" onDone={onDone} />
          </div>
        ) : (
          <Stack className="vc-surface" p="lg">
            <Text>{t('signIn.already', { name: user.name })}</Text>
            <ButtonLink to={back ?? '/$clinic'} params={{ clinic: clinic.id }}>
              {t('signIn.continue')}
            </ButtonLink>
          </Stack>
        )}
      </Stack>
    </Container>
  )
}
