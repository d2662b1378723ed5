import { Anchor } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import type { DayAppointment } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'

/** A client's phone number, to call with a tap, or a text that there is none. */
export function PhoneLink({ owner }: { owner: Pick<DayAppointment['owner'], 'fullName' | 'phone'> }) {
  const { t } = useTranslation('staff')
  if (owner.phone === null || owner.phone === '') return t('card.noPhone')
  return (
    <Anchor
      inherit
      href={`tel:${owner.phone.replace(/[^+\d]/g, '')}`}
      aria-label={t('card.call', { name: owner.fullName ?? t('card.noName'), phone: owner.phone })}
      className="vs-phone"
    >
      <IconPhone size={16} aria-hidden /> {owner.phone}
    </Anchor>
  )
}
