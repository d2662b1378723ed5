import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAlertCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AuthFailure, signIn, signUp } from './auth-client.ts'

const PASSWORD_MIN = 8

const looksLikeEmail = (text: string): boolean => /^\S+@\S+\.\S+$/.test(text.trim())

function FailureAlert({ failure }: { failure: AuthFailure | null }) {
  const { t } = useTranslation('ui')
  if (failure === null) return null
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />}>
      {t(`auth.failure.${failure}`)}
    </Alert>
  )
}

interface SignInFormProps {
  /** Called once the session cookie is set; a promise keeps the button busy. */
  onSuccess: () => Promise<void> | void
}

/** E-mail and password; says why when they are refused, and keeps what was typed. */
export function SignInForm({ onSuccess }: SignInFormProps) {
  const { t } = useTranslation('ui')
  const [failure, setFailure] = useState<AuthFailure | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')),
      password: (value) => (value === '' ? t('auth.passwordMissing') : null),
    },
  })
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    setFailure(null)
    const refused = await signIn({ email: values.email.trim(), password: values.password })
    setFailure(refused)
    try {
      if (refused === null) await onSuccess()
    } catch {
      setFailure('connection')
    } finally {
      setBusy(false)
    }
  })
  return (
    <form onSubmit={submit} noValidate aria-label={t('auth.signIn')}>
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
        <PasswordInput
          {...form.getInputProps('password')}
          key={form.key('password')}
          label={t('auth.password')}
          autoComplete="current-password"
        />
        <Button type="submit" loading={busy} fullWidth>
          {t('auth.signIn')}
        </Button>
      </Stack>
    </form>
  )
}

/** What a new person said about themselves, for `clinic.join`. */
export interface NewPerson {
  name: string
  phone: string | undefined
}

interface SignUpFormProps {
  /** Called once the account exists and the session cookie is set; a promise keeps the button busy. */
  onSuccess: (person: NewPerson) => Promise<void> | void
}

/** Name, e-mail, phone and password of somebody new. */
export function SignUpForm({ onSuccess }: SignUpFormProps) {
  const { t } = useTranslation('ui')
  const [failure, setFailure] = useState<AuthFailure | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', phone: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('auth.nameMissing') : null),
      email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')),
      password: (value) => (value.length < PASSWORD_MIN ? t('auth.passwordShort') : null),
    },
  })
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    setFailure(null)
    const name = values.name.trim()
    const refused = await signUp({ name, email: values.email.trim(), password: values.password })
    setFailure(refused)
    try {
      if (refused === null) await onSuccess({ name, phone: values.phone.trim() || undefined })
    } catch {
      setFailure('connection')
    } finally {
      setBusy(false)
    }
  })
  return (
    <form onSubmit={submit} noValidate aria-label={t('auth.signUp')}>
      <Stack>
        <FailureAlert failure={failure} />
        <TextInput
          {...form.getInputProps('name')}
          key={form.key('name')}
          label={t('auth.name')}
          autoComplete="name"
          maxLength={120}
        />
        <TextInput
          {...form.getInputProps('email')}
          key={form.key('email')}
          label={t('auth.email')}
          type="email"
          autoComplete="email"
          inputMode="email"
        />
        <TextInput
          {...form.getInputProps('phone')}
          key={form.key('phone')}
          label={t('auth.phone')}
          type="tel"
          autoComplete="tel"
          inputMode="tel"
          maxLength={40}
        />
        <PasswordInput
          {...form.getInputProps('password')}
          key={form.key('password')}
          label={t('auth.password')}
          description={t('auth.passwordHint')}
          autoComplete="new-password"
        />
        <Button type="submit" loading={busy} fullWidth>
          {t('auth.signUp')}
        </Button>
      </Stack>
    </form>
  )
}
