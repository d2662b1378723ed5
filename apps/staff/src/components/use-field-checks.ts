import { formatNumber, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

/** The highest price that the API takes; the contract's `money`. */
export const HIGHEST_PRICE = 9_999_999_999

/** The first value of a number field, empty if there is no number yet. */
export function numberField(value: number | undefined): number | string {
  return value ?? ''
}

/** Checks for form fields. Each returns what is wrong with a value, in the user's language, or null. */
export function useFieldChecks() {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  return {
    required: (value: string): string | null => (value.trim() === '' ? t('office.missing') : null),
    within:
      (min: number, max: number) =>
      (value: number | string): string | null => {
        if (value === '') return t('office.missing')
        const number = Number(value)
        return number >= min && number <= max
          ? null
          : t('office.range', { min: formatNumber(min, language), max: formatNumber(max, language) })
      },
  }
}
