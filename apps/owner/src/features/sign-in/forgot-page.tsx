import { Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { ForgotPassword } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { useClinic } from '../../session/clinic.tsx'

const route = getRouteApi('/$clinic/forgot-password')

/** Requests a password reset. */
export function ForgotPage() {
  const { t } = useTranslation('ui')
  const clinic = useClinic()
  const back = route.useSearch()
  return (
    <NarrowPage title={t('forgot.title')} lead={t('forgot.lead')}>
      <Stack className="vc-surface" p="lg">
        <ForgotPassword origin={{ app: 'owner', clinic: clinic.id }} />
        <TextLink to="/$clinic/login" params={{ clinic: clinic.id }} search={back} ta="center">
          {t('forgot.back')}
        </TextLink>
      </Stack>
    </NarrowPage>
  )
}
