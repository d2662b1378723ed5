import type { Service } from '@vetcita/contracts'

/** Services of one category; null for those without any. */
export interface CategoryOfServices {
  category: string | null
  services: readonly Service[]
}

/** Groups services by category. Categories, and services in them, stay in the clinic's order. */
export function byCategory(services: readonly Service[]): readonly CategoryOfServices[] {
  const groups = new Map<string | null, Service[]>()
  for (const service of services) {
    const group = groups.get(service.category)
    if (group === undefined) groups.set(service.category, [service])
    else group.push(service)
  }
  return [...groups].map(([category, those]) => ({ category, services: those }))
}
