import { z } from 'zod'
import { appRouter } from './router.ts'

const costly = z.object({ _def: z.object({ meta: z.object({ cost: z.int() }) }) })

const costs = new Map(
  Object.entries<unknown>(appRouter._def.procedures).map(([name, procedure]) => [
    name,
    typeof procedure === 'function' && '_def' in procedure
      ? (costly.safeParse({ _def: procedure._def }).data?._def.meta.cost ?? 1)
      : 1,
  ]),
)

/** Returns the cost of a procedure, as its `meta` has it: how many ordinary ones it counts for. 1 for an unknown one. */
export function procedureCost(name: string): number {
  return costs.get(name) ?? 1
}
