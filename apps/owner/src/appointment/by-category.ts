import type { Service } from '@vetcita/contracts'

/** Services of one category; null for those without any. */
export interface CategoryOfServices {
  category: string | null
  services: readonly Service[]
}

/** Groups services by category. Categories, and services in them, stay in the clinic's order. */
export function byCategory(services: readonly Service[]): readonly CategoryOfServices[] {
  const groups = Map.groupBy(services, ({ category }) => category)
  return [...groups].map(([category, those]) => ({ category, services: those }))
}
