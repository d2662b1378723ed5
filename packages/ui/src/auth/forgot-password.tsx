import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert, useAuthCall } from './auth-call.tsx'
import { type ResetAsker, requestReset } from './auth-client.ts'
import { looksLikeEmail } from './auth-forms.tsx'

/** Asks for the mail with which a password is set anew; says the same of every address. */
export function ForgotPassword({ asker }: { asker: ResetAsker }) {
  const { t } = useTranslation('ui')
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo === null) return <ForgotForm asker={asker} onSent={setSentTo} />
  return (
    <>
      <Alert role="status" icon={<IconMail aria-hidden />} title={t('forgot.sent')}>
        {t('forgot.sentHint', { email: sentTo })}
      </Alert>
      <Button variant="default" onClick={() => setSentTo(null)}>
        {t('forgot.other')}
      </Button>
    </>
  )
}

interface ForgotFormProps {
  asker: ResetAsker
  onSent: (email: string) => void
}

function ForgotForm({ asker, onSent }: ForgotFormProps) {
  const { t } = useTranslation('ui')
  const { failure, busy, run } = useAuthCall()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')) },
  })
  const submit = form.onSubmit(({ email }) =>
    run(
      () => requestReset(email.trim(), asker),
      () => onSent(email.trim()),
    ),
  )
  return (
    <form onSubmit={submit} noValidate aria-label={t('forgot.title')}>
      <Stack>
        <FailureAlert failure={failure} />
        <TextInput
          {...form.getInputProps('email')}
          key={form.key('email')}
          label={t('auth.email')}
          type="email"
          autoComplete="email"
          inputMode="email"
        />
        <Button type="submit" loading={busy}>
          {t('forgot.submit')}
        </Button>
      </Stack>
    </form>
  )
}
