import { uuidPattern } from '@vetcita/contracts/patterns'

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** Returns a search parameter if it is a real date; a mistyped one then shows today instead of an error. */
export function dateParam(value: unknown): string | undefined {
  if (typeof value !== 'string' || !DATE.test(value)) return undefined
  const parsed = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value) ? value : undefined
}

/** Returns a search parameter if it is a row's id. */
export function idParam(value: unknown): string | undefined {
  return typeof value === 'string' && uuidPattern.test(value) ? value : undefined
}
