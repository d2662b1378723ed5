import { NumberInput, type NumberInputProps } from '@mantine/core'
import { formatNumber, type Language, useLanguage } from '@vetcita/ui'

interface PriceFieldProps extends NumberInputProps {
  label: string
  /** ISO 4217; empty while it is not known. */
  currency: string
}

/** An amount of money, with the decimals of its currency and the separators of the user's language. */
export function PriceField({ label, currency, ...props }: PriceFieldProps) {
  return (
    <NumberInput
      {...props}
      label={`${label} (${currency})`}
      min={0}
      clampBehavior="none"
      decimalScale={decimalsOf(currency)}
      {...separatorsIn(useLanguage())}
    />
  )
}

/** How many decimals a currency has: none for guaraníes, two for dollars. */
function decimalsOf(currency: string): number {
  return currency === ''
    ? 2
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
        2)
}

/** The separators with which a language writes numbers. */
export function separatorsIn(language: Language): { thousandSeparator: string; decimalSeparator: string } {
  const written = formatNumber(1_000_000.5, language)
  return { thousandSeparator: written.charAt(1), decimalSeparator: written.charAt(written.length - 2) }
}
