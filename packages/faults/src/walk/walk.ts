import fc from 'fast-check'
import type pg from 'pg'
import { z } from 'zod'
import { aim } from './calendar-model.ts'
import { type Operation, operation } from './operations.ts'
import { predict } from './predict.ts'
import { type Answer, makeClinic, perform, type RealClinic } from './real-clinic.ts'
import { type Call, emptyState, type State } from './state.ts'

/** Every state that the answers so far allow: two orders of a burst may give the same answers and different states. */
type Model = { states: readonly State[] }
type Real = { clinic: RealClinic; clients: readonly pg.Client[]; onAnswer: OnAnswer }
/** Receives each operation and its answer: `done`, `replayed`, or the code of a refusal. */
type OnAnswer = (kind: Operation['kind'], code: string) => void

/**
 * Operations that are sent at the same time, each on its own connection. There must be an order of them in which the
 * model gives the database's answers, as if they had been sent one after another (linearizability).
 */
class Burst implements fc.AsyncCommand<Model, Real> {
  readonly operations: readonly Operation[]

  constructor(operations: readonly Operation[]) {
    this.operations = operations
  }

  check(): boolean {
    return true
  }

  async run(model: Model, { clinic, clients, onAnswer }: Real): Promise<void> {
    const [state = emptyState] = model.states
    const calls = this.operations.map((one) => aim(state, one))
    const answers = await Promise.all(
      calls.map((call, index) => perform(clinic, clientAt(clients, index), call)),
    )
    for (const [index, { kind }] of calls.entries()) onAnswer(kind, codeOf(answers[index] ?? noAnswer))
    const steps = orders(calls.map((call, index) => ({ call, answer: answers[index] ?? noAnswer })))
    const explained = model.states.flatMap((before) => steps.map((order) => follow(before, order)))
    const possible = new Map(explained.flatMap((after) => (after ? [[signature(after), after]] : [])))
    if (possible.size === 0) throw new Error(unexplained(state, calls, answers))
    model.states = [...possible.values()]
  }

  toString(): string {
    return this.operations.map((one) => JSON.stringify(one)).join(' & ')
  }
}

const noAnswer: Answer = { answer: 'no answer', id: '' }

function codeOf({ answer }: Answer): string {
  if (answer.endsWith(' replayed')) return 'replayed'
  return /^[A-Z_]+$/.test(answer) ? answer : 'done'
}

type Step = { call: Call; answer: Answer }

/** Returns the state after these calls in this order, or undefined if an answer differs from the model's. */
function follow(state: State, steps: readonly Step[]): State | undefined {
  let now = state
  for (const { call, answer } of steps) {
    if (mayBeStale(call, answer, steps)) continue
    const predicted = predict(now, call, answer.id)
    if (predicted.answer !== answer.answer) return undefined
    now = predicted.state
  }
  return now
}

/** The contract allows STALE_VERSION, whatever version was expected, if the appointment changed vets during the wait. */
function mayBeStale(call: Call, { answer }: Answer, steps: readonly Step[]): boolean {
  return (
    call.kind === 'move' &&
    answer === 'STALE_VERSION' &&
    steps.some(
      (other) =>
        other.call !== call &&
        other.call.kind === 'move' &&
        other.call.target === call.target &&
        other.answer.answer.startsWith('moved'),
    )
  )
}

/** Returns a text that is equal for states with the same content, in whatever order it was added. */
function signature({ appointments, keys, timeOff, hours, carts, ...rest }: State): string {
  const sorted = (map: ReadonlyMap<unknown, unknown>) => [...map].map((entry) => JSON.stringify(entry)).sort()
  return JSON.stringify([[appointments, keys, timeOff, hours, carts].map(sorted), rest])
}

function orders<T>(list: readonly T[]): T[][] {
  if (list.length <= 1) return [[...list]]
  return list.flatMap((first, index) => orders(list.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}

function unexplained(state: State, calls: readonly Call[], answers: readonly Answer[]): string {
  const lines = calls.map((call, index) => {
    const answer = answers[index] ?? noAnswer
    return `  ${JSON.stringify(call)}\n    answered: ${answer.answer}\n    expected on its own: ${predict(state, call, answer.id).answer}`
  })
  return `No order of these calls explains the answers:\n${lines.join('\n')}\nin ${JSON.stringify([...state.appointments])}`
}

function clientAt(clients: readonly pg.Client[], index: number): pg.Client {
  const client = clients[index]
  if (client === undefined) throw new Error('fewer connections than calls')
  return client
}

/** How many calls a burst may hold, and so how many connections a walker needs. */
export const burstSize = 3

const bursts = fc.oneof(
  { weight: 3, arbitrary: operation.map((one) => new Burst([one])) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.array(operation, { minLength: 2, maxLength: burstSize }), fc.boolean())
      .map(
        ([several, contended]) => new Burst(contended ? several.map((one) => near(one, several)) : several),
      ),
  },
)

/** Returns the operation with the time, vet and appointment of the first of its burst that has one, so that they compete. */
function near(one: Operation, several: readonly Operation[]): Operation {
  const shared: { start?: number; vet?: number; appointment?: number } = {}
  for (const other of several) {
    if ('start' in other) shared.start ??= other.start
    if ('vet' in other && other.vet !== null) shared.vet ??= other.vet
    if ('appointment' in other && other.appointment !== null) shared.appointment ??= other.appointment
  }
  switch (one.kind) {
    case 'book': {
      // the same key several times at once
      const [first] = several
      if (one.again !== null && first?.kind === 'book' && first.again === null) return first
      return { ...one, start: shared.start ?? one.start, vet: shared.vet ?? one.vet }
    }
    case 'takeTimeOff':
      return { ...one, start: shared.start ?? one.start, vet: shared.vet ?? one.vet }
    case 'move':
      return { ...one, start: shared.start ?? one.start, appointment: shared.appointment ?? one.appointment }
    case 'status':
      return { ...one, appointment: shared.appointment ?? one.appointment }
    default:
      return one
  }
}

export type WalkOptions = {
  /** one connection for each call of a burst */
  clients: readonly pg.Client[]
  /** the same seed gives the same operations */
  seed: number
  /** clinics to walk through, one after another */
  clinics: number
  /** the most bursts in each clinic */
  steps?: number
  /** called for every call, those of shrinking included */
  onAnswer?: OnAnswer
}

/**
 * Performs random operations in clinics that start empty. Every answer must be the model's, and in the end the clinic's
 * appointments must be the model's.
 *
 * @throws Error with the seed and the shortest walk that still fails
 */
export async function walk({
  clients,
  seed,
  clinics,
  steps = 80,
  onAnswer = () => {},
}: WalkOptions): Promise<void> {
  const first = clientAt(clients, 0)
  await fc.assert(
    fc.asyncProperty(fc.commands([bursts], { maxCommands: steps, size: 'max' }), async (commands) => {
      const clinic = await makeClinic(first)
      const model: Model = { states: [emptyState] }
      await fc.asyncModelRun(() => ({ model, real: { clinic, clients, onAnswer } }), commands)
      await compare(first, clinic, model.states)
    }),
    { seed, numRuns: clinics },
  )
}

const row = z.object({
  id: z.string(),
  vet_id: z.string(),
  start_time: z.date(),
  busy_until: z.date(),
  status: z.string(),
  version: z.int(),
})

async function compare(client: pg.Client, real: RealClinic, states: readonly State[]): Promise<void> {
  const { rows } = await client.query(
    `select id, vet_id, start_time, busy_until, status, version from appointments where tenant_id = $1 order by id`,
    [real.clinic.tenant],
  )
  const minutes = (time: Date) => (time.getTime() - real.base) / 60_000
  const held = z
    .array(row)
    .parse(rows)
    .map(
      (one) =>
        `${one.id} vet ${real.vets.indexOf(one.vet_id)} ${minutes(one.start_time)}-${minutes(one.busy_until)} ${one.status} v${one.version}`,
    )
  const expected = states.map(({ appointments }) =>
    [...appointments]
      .map(([id, one]) => `${id} vet ${one.vet} ${one.start}-${one.busyUntil} ${one.status} v${one.version}`)
      .sort()
      .join('\n  '),
  )
  if (!expected.includes(held.join('\n  ')))
    throw new Error(`The clinic holds\n  ${held.join('\n  ')}\nand the model\n  ${expected.join('\nor\n  ')}`)
}
