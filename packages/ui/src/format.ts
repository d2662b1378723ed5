import type { Language } from './i18n/language.ts'

/** How each language writes numbers and dates. English follows the 24-hour clock that Paraguay's clinics use. */
const LOCALE: Record<Language, string> = { es: 'es-PY', en: 'en-GB' }

/**
 * An amount of money in the clinic's currency, with as many decimals as that currency has: `₲ 150.000`, `$25.50`.
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

/** A number with the separators of the language: `43.200`, `43,200`. */
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
 * A calendar date in words. The date is the clinic's own, as the server wrote it, and is never moved into the
 * browser's zone: old phones' zone data is wrong.
 * @param date the clinic's date `YYYY-MM-DD` (anything after it, such as a time, is not read)
 */
export function formatDate(date: string, style: DateStyle, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { ...DATE_STYLES[style], timeZone: 'UTC' }).format(
    new Date(`${date.slice(0, 10)}T00:00:00Z`),
  )
}

/**
 * From one calendar date to another in words, as in "23–29 de noviembre".
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
 * The date some days later, in calendar arithmetic (no zone, no DST).
 * @param date `YYYY-MM-DD`
 */
export function addDays(date: string, days: number): string {
  const moved = new Date(`${date.slice(0, 10)}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/**
 * Today's date in a time zone, `YYYY-MM-DD`. Only for choosing which week to ask the server for first.
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
 * The name of a day of the week.
 * @param weekday 1 (Monday) to 7, as the database counts
 */
export function formatWeekday(weekday: number, style: 'weekday' | 'weekdayName', language: Language): string {
  // the first of January 2024 was a Monday
  return formatDate(addDays('2023-12-31', weekday), style, language)
}

/**
 * A time zone in words, as in "hora de Europa central".
 * @param timeZone IANA name; also the answer where the browser has no words for it
 */
export function formatZone(timeZone: string, language: Language): string {
  const parts = new Intl.DateTimeFormat(LOCALE[language], {
    timeZone,
    timeZoneName: 'longGeneric',
  }).formatToParts(new Date())
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** A length in words: `45 min`, `1 h`, `1 h 30 min`. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
