import { uuidPattern } from '@vetcita/contracts/patterns'

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A real calendar date of an address, else nothing: a mistyped one shows today instead of an error. */
export function dateParam(value: unknown): string | undefined {
  if (typeof value !== 'string' || !DATE.test(value)) return undefined
  const parsed = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value) ? value : undefined
}

/** A row's id in an address, else nothing. */
export function idParam(value: unknown): string | undefined {
  return typeof value === 'string' && uuidPattern.test(value) ? value : undefined
}
