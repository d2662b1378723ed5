import { TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { limits } from '@vetcita/contracts/limits'
import { looksLikeEmail } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { isPhoneTooShort } from '../../components/contact.ts'
import { useFieldChecks } from '../../components/use-field-checks.ts'

export interface ContactValues {
  fullName: string
  phone: string
  email: string
}

/** Form checks for a client's name, phone and email. */
export function useContactChecks() {
  const { t } = useTranslation('staff')
  const { required } = useFieldChecks()
  return {
    fullName: required,
    phone: (value: string) => (isPhoneTooShort(value) ? t('clients.phoneShort') : null),
    email: (value: string) =>
      value.trim() === '' || looksLikeEmail(value) ? null : t('clients.emailInvalid'),
  }
}

/** Fields for a client's name, phone and email. */
export function ContactFields<Values extends ContactValues>({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation('staff')
  return (
    <>
      <TextInput
        {...form.getInputProps('fullName')}
        key={form.key('fullName')}
        label={t('clients.name')}
        maxLength={limits.personName}
        data-autofocus
      />
      <TextInput
        {...form.getInputProps('phone')}
        key={form.key('phone')}
        label={t('clients.phone')}
        type="tel"
        maxLength={limits.phone.max}
      />
      <TextInput
        {...form.getInputProps('email')}
        key={form.key('email')}
        label={t('clients.email')}
        type="email"
        maxLength={limits.email}
      />
    </>
  )
}
