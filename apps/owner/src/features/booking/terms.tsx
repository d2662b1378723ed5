import { Text } from '@mantine/core'
import { formatMinutes } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useMoney } from '../../session/clinic.tsx'
import type { Terms } from './use-book.ts'

/** Returns a function that says a service's length and price in words. */
export function useTermsInWords(): (terms: Terms) => string {
  const { t } = useTranslation('owner')
  const money = useMoney()
  return ({ durationMinutes, price }) =>
    `${formatMinutes(durationMinutes)} · ${price === null ? t('clinic.priceOnRequest') : money(price)}`
}

/** What is agreed to: how long it takes, and what it costs. */
export function TermsLine({ terms }: { terms: Terms }) {
  const words = useTermsInWords()
  return <Text fw={600}>{words(terms)}</Text>
}
