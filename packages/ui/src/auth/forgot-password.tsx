import { Alert, Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert, useAuthCall } from './auth-call.tsx'
import { type ResetOrigin, requestReset } from './auth-client.ts'
import { EmailInput, looksLikeEmail } from './auth-forms.tsx'

/** Requests the mail that resets a password; gives the same answer for every address. */
export function ForgotPassword({ origin }: { origin: ResetOrigin }) {
  const { t } = useTranslation('ui')
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo === null) return <ForgotForm origin={origin} onSent={setSentTo} />
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
  origin: ResetOrigin
  onSent: (email: string) => void
}

function ForgotForm({ origin, onSent }: ForgotFormProps) {
  const { t } = useTranslation('ui')
  const { failure, busy, run } = useAuthCall()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')) },
  })
  const submit = form.onSubmit(({ email }) =>
    run(
      () => requestReset(email.trim(), origin),
      () => onSent(email.trim()),
    ),
  )
  return (
    <form onSubmit={submit} noValidate aria-label={t('forgot.title')}>
      <Stack>
        <FailureAlert failure={failure} />
        <EmailInput {...form.getInputProps('email')} key={form.key('email')} />
        <Button type="submit" loading={busy}>
          {t('forgot.submit')}
        </Button>
      </Stack>
    </form>
  )
}
