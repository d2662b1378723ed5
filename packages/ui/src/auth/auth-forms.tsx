import { Alert, Button, PasswordInput, Stack, TextInput, type TextInputProps } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconMail } from '@tabler/icons-react'
import { limits } from '@vetcita/contracts/limits'
import { useTranslation } from 'react-i18next'
import { FailureAlert, useAuthCall } from './auth-call.tsx'
import { type AuthFailure, signIn, signUp } from './auth-client.ts'

export const looksLikeEmail = (text: string): boolean => /^\S+@\S+\.\S+$/.test(text.trim())

/** The email field of the forms about accounts. */
export function EmailInput(props: TextInputProps) {
  const { t } = useTranslation('ui')
  return <TextInput {...props} label={t('auth.email')} type="email" autoComplete="email" inputMode="email" />
}

interface SignInFormProps {
  /** Called once the session cookie is set; a promise keeps the button busy. */
  onSuccess: () => Promise<void> | void
}

/** Email and password; explains a refusal and keeps what was typed. */
export function SignInForm({ onSuccess }: SignInFormProps) {
  const { t } = useTranslation('ui')
  const { failure, busy, run } = useAuthCall()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')),
      password: (value) => (value === '' ? t('auth.passwordMissing') : null),
    },
  })
  const submit = form.onSubmit(({ email, password }) =>
    run(() => signIn({ email: email.trim(), password }), onSuccess),
  )
  return (
    <form onSubmit={submit} noValidate aria-label={t('auth.signIn')}>
      <Stack>
        <FailureAlert failure={failure} />
        <EmailInput {...form.getInputProps('email')} key={form.key('email')} />
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

/** A new user's name and phone, for `clinic.join`. */
export interface NewPerson {
  name: string
  phone: string | undefined
}

interface SignUpFormProps {
  /** Called once the account exists and the session cookie is set; a promise keeps the button busy. */
  onSuccess: (person: NewPerson) => Promise<void> | void
  /** The clinic whose pages the confirmation mail's link opens. */
  clinic: string
  /** False if the phone would not be stored. */
  asksPhone?: boolean
}

/** Name, email, phone and password of a new user. */
export function SignUpForm({ onSuccess, clinic, asksPhone = true }: SignUpFormProps) {
  const { t } = useTranslation('ui')
  const { failure, busy, run } = useAuthCall<AuthFailure | 'mail'>()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', phone: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('auth.nameMissing') : null),
      email: (value) => (looksLikeEmail(value) ? null : t('auth.emailInvalid')),
      password: (value) => (value.length < limits.password.min ? t('auth.passwordShort') : null),
    },
  })
  const submit = form.onSubmit((values) => {
    const name = values.name.trim()
    const account = { name, email: values.email.trim(), password: values.password }
    return run(
      () => signUp(account, clinic),
      () => onSuccess({ name, phone: values.phone.trim() || undefined }),
    )
  })
  return (
    <form onSubmit={submit} noValidate aria-label={t('auth.signUp')}>
      <Stack>
        {failure === 'mail' ? (
          <Alert
            role="alert"
            icon={<IconMail aria-hidden />}
            title={t('auth.checkMail', { email: form.getValues().email.trim() })}
          >
            {t('auth.checkMailHint')}
          </Alert>
        ) : (
          <FailureAlert failure={failure} />
        )}
        <TextInput
          {...form.getInputProps('name')}
          key={form.key('name')}
          label={t('auth.name')}
          autoComplete="name"
          maxLength={limits.personName}
        />
        <EmailInput {...form.getInputProps('email')} key={form.key('email')} />
        {asksPhone ? (
          <TextInput
            {...form.getInputProps('phone')}
            key={form.key('phone')}
            label={t('auth.phone')}
            type="tel"
            autoComplete="tel"
            inputMode="tel"
            maxLength={limits.phone.max}
          />
        ) : null}
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
