import { TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { limits } from '@vetcita/contracts/limits'
import { looksLikeEmail } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

export interface ContactValues {
  fullName: string
  phone: string
  email: string
}

/** What is wrong with how a client is reached, in the language of the screen. */
export function useContactChecks() {
  const { t } = useTranslation('staff')
  return {
    fullName: (value: string) => (value.trim() === '' ? t('office.missing') : null),
    phone: (value: string) => {
      const length = value.trim().length
      return length === 0 || length >= 3 ? null : t('clients.phoneShort')
    },
    email: (value: string) =>
      value.trim() === '' || looksLikeEmail(value) ? null : t('clients.emailInvalid'),
  }
}

/** Name, phone and email of a client. */
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
