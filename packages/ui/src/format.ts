import type { Language } from './i18n/language.ts'

/** How each language writes numbers and dates. English follows the 24-hour clock that Paraguay's clinics use. */
const LOCALE: Record<Language, string> = { es: 'es-PY', en: 'en-GB' }

/**
 * Formats an amount in the clinic's currency, with as many decimals as that currency has: `₲ 150.000`, `$25.50`.
 * @param amount a number, or the decimal text that the API sends for `numeric`
 * @param currency ISO 4217, the clinic's
 */
export function formatMoney(amount: number | string, currency: string, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(Number(amount))
}

/** Formats a number with the separators of the language: `43.200`, `43,200`. */
export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language]).format(value)
}

const DATE_STYLES = {
  long: { weekday: 'long', day: 'numeric', month: 'long' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  weekday: { weekday: 'short' },
  weekdayName: { weekday: 'long' },
  day: { day: 'numeric' },
  month: { month: 'long', year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

export type DateStyle = keyof typeof DATE_STYLES

/**
 * Formats a calendar date. It is the clinic's, as the server wrote it, and never converted to the browser's zone: old
 * phones have wrong zone data.
 * @param date the clinic's date `YYYY-MM-DD` (anything after it, such as a time, is ignored)
 */
export function formatDate(date: string, style: DateStyle, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { ...DATE_STYLES[style], timeZone: 'UTC' }).format(
    new Date(`${date.slice(0, 10)}T00:00:00Z`),
  )
}

/**
 * Formats a range of calendar dates, as in "23–29 de noviembre".
 * @param from the clinic's date `YYYY-MM-DD`, as `to`
 */
export function formatDateRange(from: string, to: string, language: Language): string {
  const [first, last] = [from, to].map((date) => new Date(`${date.slice(0, 10)}T00:00:00Z`))
  return new Intl.DateTimeFormat(LOCALE[language], {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).formatRange(first ?? 0, last ?? 0)
}

/**
 * Returns the date some days later, by calendar arithmetic (no zone, no DST).
 * @param date `YYYY-MM-DD`
 */
export function addDays(date: string, days: number): string {
  const moved = new Date(`${date.slice(0, 10)}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/**
 * Returns the date in a time zone, `YYYY-MM-DD`. Rules about dates are the server's; this one is for display.
 * @param now the instant, by default the present one
 */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now)
}

/**
 * Names a day of the week.
 * @param weekday 1 (Monday) to 7, as the database counts
 */
export function formatWeekday(weekday: number, style: 'weekday' | 'weekdayName', language: Language): string {
  // the first of January 2024 was a Monday
  return formatDate(addDays('2023-12-31', weekday), style, language)
}

/**
 * Names a time zone, as in "hora de Europa central".
 * @param timeZone IANA name; returned as it is if the browser has no other name for it
 */
export function formatZone(timeZone: string, language: Language): string {
  const parts = new Intl.DateTimeFormat(LOCALE[language], {
    timeZone,
    timeZoneName: 'longGeneric',
  }).formatToParts(new Date())
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** Formats a duration: `45 min`, `1 h`, `1 h 30 min`. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
