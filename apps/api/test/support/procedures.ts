import { z } from 'zod'
import { appRouter } from '../../src/trpc/router.ts'

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(z.instanceof(z.ZodType)),
})

export type Procedure = { name: string } & z.infer<typeof definition>

/** Every procedure of the router by its name, such as `pets.list`, with its kind and the schemas of its input. */
export const procedures: ReadonlyMap<string, Procedure> = new Map(
  Object.entries<unknown>(appRouter._def.procedures).map(([name, procedure]) => {
    if (typeof procedure !== 'function' || !('_def' in procedure))
      throw new Error(`${name} is not a procedure`)
    return [name, { name, ...definition.parse(procedure._def) }]
  }),
)

export function procedureNamed(name: string): Procedure {
  const procedure = procedures.get(name)
  if (procedure === undefined) throw new Error(`The router has no procedure ${name}`)
  return procedure
}
