import { formatNumber, type Language } from '@vetcita/ui'

/** How many decimals a currency has: none for guaraníes, two for dollars. */
export function decimalsOf(currency: string): number {
  return currency === ''
    ? 2
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
        2)
}

/** What a number's field starts with; empty where there is no number yet. */
export function numberField(value: number | undefined): number | string {
  return value ?? ''
}

/** How a field of numbers separates thousands and decimals, as the language's lists do. */
export function separatorsIn(language: Language): { thousandSeparator: string; decimalSeparator: string } {
  const written = formatNumber(1_000_000.5, language)
  return { thousandSeparator: written.charAt(1), decimalSeparator: written.charAt(written.length - 2) }
}
