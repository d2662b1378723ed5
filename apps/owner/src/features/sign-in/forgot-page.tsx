import { Alert, Button, Container, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconMail } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { FailureAlert, looksLikeEmail, requestReset, useAuthCall } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../lib/clinic.tsx'
import { TextLink } from '../../lib/links.tsx'

const route = getRouteApi('/$clinic/forgot-password')

/** Asks for the mail with which a password is set anew; says the same of every address. */
export function ForgotPage() {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const back = route.useSearch()
  const [sentTo, setSentTo] = useState<string | null>(null)
  return (
    <Container size={440} p={0}>
      <title>{`${t('owner:forgot.title')} · ${clinic.name}`}</title>
      <Stack gap="lg">
        <Stack gap={4}>
          <Title>{t('owner:forgot.title')}</Title>
          <Text c="dimmed">{t('owner:forgot.lead')}</Text>
        </Stack>
        <Stack className="vc-surface" p="lg">
          {sentTo === null ? (
            <ForgotForm onSent={setSentTo} />
          ) : (
            <>
              <Alert role="status" icon={<IconMail aria-hidden />} title={t('owner:forgot.sent')}>
                {t('owner:forgot.sentHint', { email: sentTo })}
              </Alert>
              <Button variant="default" onClick={() => setSentTo(null)}>
                {t('owner:forgot.other')}
              </Button>
            </>
          )}
          <TextLink to="/$clinic/login" params={{ clinic: clinic.id }} search={back} ta="center">
            {t('owner:forgot.back')}
          </TextLink>
        </Stack>
      </Stack>
    </Container>
  )
}

function ForgotForm({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const { failure, busy, run } = useAuthCall()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (looksLikeEmail(value) ? null : t('ui:auth.emailInvalid')) },
  })
  const submit = form.onSubmit(({ email }) =>
    run(
      () => requestReset(email.trim(), clinic.id),
      () => onSent(email.trim()),
    ),
  )
  return (
    <form onSubmit={submit} noValidate aria-label={t('owner:forgot.title')}>
      <Stack>
        <FailureAlert failure={failure} />
        <TextInput
          {...form.getInputProps('email')}
          key={form.key('email')}
          label={t('ui:auth.email')}
          type="email"
          autoComplete="email"
          inputMode="email"
        />
        <Button type="submit" loading={busy}>
          {t('owner:forgot.submit')}
        </Button>
      </Stack>
    </form>
  )
}
