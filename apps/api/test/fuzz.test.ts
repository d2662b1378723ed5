import process from 'node:process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ActorName } from './support/actors.ts'
import { type Answer, callAs } from './support/call-as.ts'
import { hostileInput, nearlyValidFor, validFor } from './support/fuzz-values.ts'
import { type Procedure, procedures } from './support/procedures.ts'
import { openStage, type Stage } from './support/stage.ts'

/**
 * Every procedure with inputs made from its own schema: valid, valid but for one thing, and anything. Whatever comes, the
 * answer is no 500, tells nothing of the insides, and is of a sensible size.
 *
 * `pnpm test` takes few inputs, the same each time; `pnpm test:full` forty of each kind, others each time.
 * `VETCITA_FUZZ=500` makes 500 inputs of each kind for each procedure, of another seed each time; the seed is printed,
 * and `VETCITA_FUZZ_SEED` takes it.
 */
const runs = Number(process.env.VETCITA_FUZZ ?? 4)
const seed = Number(
  process.env.VETCITA_FUZZ_SEED ?? (process.env.VETCITA_FUZZ === undefined ? 20261124 : Date.now()),
)

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  process.stdout.write(`Fuzzed with VETCITA_FUZZ_SEED=${seed % 2 ** 31}, ${runs} of each kind\n`)
})
afterAll(() => stage.api.stop())

/** What only our insides say: a stack, a statement, the database's own words. */
const insides =
  /\bat .+\.[cm]?[jt]s:\d|node_modules|"stack"|prisma|sqlstate|syntax error|relation "|column "|violates|\bselect .+ from\b|insert into|pg_|postgres/i

function check(answer: Answer, milliseconds: number): void {
  expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(500)
  expect(answer.text).not.toMatch(insides)
  expect(answer.text.length).toBeLessThan(3_000_000)
  expect(milliseconds).toBeLessThan(15_000)
}

const callers: readonly ActorName[] = [
  'owner',
  'admin',
  'receptionist',
  'otherOwner',
  'adminElsewhere',
  'nobody',
]

describe('any input', () => {
  it.each([...procedures.values()].map((procedure) => [procedure.name, procedure] as const))(
    '%s',
    async (name, procedure) => {
      const ids = Object.values(stage.things).concat(stage.actors('owner').id, stage.actors('vet').id)
      const schema = procedure.inputs[0] ?? z.undefined()
      let understood = 0
      const ask = async (actor: ActorName, input: unknown) => {
        const start = performance.now()
        const answer = await callAs(stage.api.url, stage.actors(actor), name, input)
        check(answer, performance.now() - start)
        if (answer.status !== 400) understood += 1
      }
      const settings = { seed: seed % 2 ** 31, numRuns: runsOf(procedure), endOnFailure: runs < 50 }
      const by = fc.constantFrom(...callers)
      if (procedure.inputs.length > 0) {
        const lets = fc.constantFrom<ActorName>('owner', 'admin')
        await fc.assert(fc.asyncProperty(lets, validFor(schema, ids), ask), settings)
        expect(understood, 'inputs that got as far as the database').toBeGreaterThan(0)
        await fc.assert(fc.asyncProperty(by, nearlyValidFor(schema, ids), ask), settings)
      }
      await fc.assert(fc.asyncProperty(by, hostileInput, ask), settings)
      await stage.baseline.restore()
    },
  )
})

/** A stream is listened to for a while, so fewer of them. */
function runsOf({ type }: Procedure): number {
  return type === 'subscription' ? Math.ceil(runs / 3) : runs
}
