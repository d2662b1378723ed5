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
 * Calls every procedure with inputs generated from its schema: valid, valid except for one thing, and arbitrary. No answer
 * may be a 500, reveal internals, or be unreasonably large or slow.
 *
 * `pnpm test` uses a few inputs, the same each time; `pnpm test:full` forty of each kind, with a new seed.
 * `VETCITA_FUZZ=500` generates 500 of each kind for each procedure. The seed is printed; `VETCITA_FUZZ_SEED` repeats it.
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

/** Traces of internals: a stack, a statement, a message of the database. */
const internals =
  /\bat .+\.[cm]?[jt]s:\d|node_modules|"stack"|prisma|sqlstate|syntax error|relation "|column "|violates|\bselect .+ from\b|insert into|pg_|postgres/i

function check(answer: Answer, milliseconds: number): void {
  expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(500)
  expect(answer.text).not.toMatch(internals)
  expect(answer.text.length).toBeLessThan(3_000_000)
  expect(milliseconds).toBeLessThan(15_000)
}

const callers: readonly ActorName[] = [
  'owner',
  'admin',
  'receptionist',
  'otherOwner',
  'adminElsewhere',
  'anonymous',
]

describe('any input', () => {
  it.each([...procedures.values()].map((procedure) => [procedure.name, procedure] as const))(
    '%s',
    async (name, procedure) => {
      const ids = Object.values(stage.things).concat(stage.actors('owner').id, stage.actors('vet').id)
      const schema = procedure.inputs[0] ?? z.undefined()
      let accepted = 0
      const call = async (actor: ActorName, input: unknown) => {
        const start = performance.now()
        const answer = await callAs(stage.api.url, stage.actors(actor), name, input)
        check(answer, performance.now() - start)
        if (answer.status !== 400) accepted += 1
      }
      const settings = { seed: seed % 2 ** 31, numRuns: runsOf(procedure), endOnFailure: runs < 50 }
      const anyCaller = fc.constantFrom(...callers)
      if (procedure.inputs.length > 0) {
        const admitted = fc.constantFrom<ActorName>('owner', 'admin')
        await fc.assert(fc.asyncProperty(admitted, validFor(schema, ids), call), settings)
        expect(accepted, 'inputs that reached the database').toBeGreaterThan(0)
        await fc.assert(fc.asyncProperty(anyCaller, nearlyValidFor(schema, ids), call), settings)
      }
      await fc.assert(fc.asyncProperty(anyCaller, hostileInput, call), settings)
      await stage.baseline.restore()
    },
  )
})

/** Returns how many inputs of each kind a procedure gets: fewer for a stream, which takes a while to listen to. */
function runsOf({ type }: Procedure): number {
  return type === 'subscription' ? Math.ceil(runs / 3) : runs
}
