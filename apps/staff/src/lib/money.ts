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
