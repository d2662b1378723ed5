import { formatNumber, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

/** The most that a price can be; the contract's `money`. */
export const HIGHEST_PRICE = 9_999_999_999

/** Makes checks for fields of numbers: what is wrong with a value that is none, or outside of a range; null for none. */
export function useRangeCheck() {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  return (min: number, max: number) =>
    (value: number | string): string | null => {
      if (value === '') return t('office.missing')
      const number = Number(value)
      return number >= min && number <= max
        ? null
        : t('office.range', { min: formatNumber(min, language), max: formatNumber(max, language) })
    }
}
