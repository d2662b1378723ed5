import { Container, Stack, Text, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { ForgotPassword } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'

const route = getRouteApi('/$clinic/forgot-password')

/** Requests a password reset. */
export function ForgotPage() {
  const { t } = useTranslation('ui')
  const clinic = useClinic()
  const back = route.useSearch()
  return (
    <Container size={440} p={0}>
      <title>{`${t('forgot.title')} · ${clinic.name}`}</title>
      <Stack gap="lg">
        <Stack gap={4}>
          <Title>{t('forgot.title')}</Title>
          <Text c="dimmed">{t('forgot.lead')}</Text>
        </Stack>
        <Stack className="vc-surface" p="lg">
          <ForgotPassword origin={{ app: 'owner', clinic: clinic.id }} />
          <TextLink to="/$clinic/login" params={{ clinic: clinic.id }} search={back} ta="center">
            {t('forgot.back')}
          </TextLink>
        </Stack>
      </Stack>
    </Container>
  )
}
