import { limits } from '@vetcita/contracts/limits'

/** The store's filter as it is in the URL: search words, and one of the clinic's categories. */
export interface ProductFilter {
  q?: string
  shelf?: string
}

/** Reads the filter from a URL's search; anything invalid is dropped. */
export function parseFilter(search: Record<string, unknown>): ProductFilter {
  const q = line(search.q, limits.searchText)
  const shelf = line(search.shelf, 60)
  return { ...(q === '' ? {} : { q }), ...(shelf === '' ? {} : { shelf }) }
}

function line(value: unknown, maxLength: number): string {
  // the router reads a word of digits as a number
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' ? text.trim().slice(0, maxLength) : ''
}
