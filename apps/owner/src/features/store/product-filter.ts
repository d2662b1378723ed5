import { limits } from '@vetcita/contracts/limits'
/** What of the store is looked at, as it stands in the address: words, and one of the clinic's categories. */
export interface ProductFilter {
  q?: string
  shelf?: string
}

/** Reads the filter from an address that anybody may have written; what is no filter is dropped. */
export function parseFilter(search: Record<string, unknown>): ProductFilter {
  const q = line(search.q, limits.searchText)
  const shelf = line(search.shelf, 60)
  return { ...(q === '' ? {} : { q }), ...(shelf === '' ? {} : { shelf }) }
}

function line(value: unknown, maxLength: number): string {
  // a word of digits alone is read as a number
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' ? text.trim().slice(0, maxLength) : ''
}
