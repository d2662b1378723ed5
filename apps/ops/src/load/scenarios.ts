import type pg from 'pg'
import type { Answer, Callers } from './caller.ts'
import type { LoadClinic } from './clinic.ts'
import { stopwatch, type Timing } from './timing.ts'

/** A scenario's result. `lines` is printed as in the migration guide. */
export type ScenarioResult = { name: string; passed: boolean; lines: string[]; timing: Timing }

export type Stage = { client: pg.ClientBase; clinic: LoadClinic; callers: Callers; count: number }

type Scenario = (stage: Stage) => Promise<ScenarioResult>

const hour = 3_600_000

/** Returns a start on the half hour in the far future, where nothing else is; each scenario has its own day. */
function startAt(day: number, slot: number): string {
  const midnight = Math.floor(Date.now() / (24 * hour)) * 24 * hour
  return new Date(midnight + (day + 2) * 24 * hour + slot * (hour / 2)).toISOString()
}

function tally(answers: readonly Answer[]): {
  successes: number
  errors: string[]
  codes: Map<string, number>
} {
  const codes = new Map<string, number>()
  for (const answer of answers)
    if (answer.kind === 'refused') codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1)
  return {
    successes: answers.filter(({ kind }) => kind === 'success').length,
    errors: answers.flatMap((answer) => (answer.kind === 'error' ? [answer.message] : [])),
    codes,
  }
}

async function all(count: number, call: (place: number) => Promise<Answer>): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: count }, (_, place) => call(place)))
}

async function countRows({ client, clinic }: Stage, from: string, until: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from public.appointments
     where tenant_id = $1 and start_time >= $2 and start_time < $3 and status not in ('cancelled', 'no_show')`,
    [clinic.tenant, from, until],
  )
  return rows[0]?.count ?? 0
}

function vetOf({ clinic: { vets } }: Stage, at: number): string {
  return vets[at % vets.length] ?? ''
}

function errorLines(errors: readonly string[]): string[] {
  return [...new Set(errors)].slice(0, 3).map((error) => `   ! ${error}`)
}

/** All callers book one slot of one vet, and one succeeds. Prints exactly what the guide prints. */
const oneSlot: Scenario = async (stage) => {
  const watch = stopwatch()
  const vet = vetOf(stage, 0)
  const start = startAt(0, 20)
  const answers = await all(stage.count, (place) =>
    watch.time(() => stage.callers.at(place).book(place, vet, start)),
  )
  const { successes, errors, codes } = tally(answers)
  const rejected = codes.get('SLOT_UNAVAILABLE') ?? 0
  const rows = await countRows(stage, start, startAt(0, 21))
  const passed = successes === 1 && rejected === stage.count - 1 && rows === 1
  return {
    name: 'Race condition test',
    passed,
    lines: [
      `   - Successful bookings: ${successes}`,
      `   - Rejected (slot unavailable): ${rejected}`,
      `   - Failed with errors: ${errors.length}`,
      rows === 1
        ? '   - Database verification: Exactly 1 appointment created ✓'
        : `   - Database verification: ${rows} appointments created ✗`,
      ...errorLines(errors),
    ],
    timing: watch.result(),
  }
}

/** Five callers book five adjacent slots, one after the other: all succeed, because adjacent slots do not overlap. */
const fiveSlots: Scenario = async (stage) => {
  const watch = stopwatch()
  const vet = vetOf(stage, 0)
  const answers = await all(5, (place) =>
    watch.time(() => stage.callers.at(place).book(place, vet, startAt(1, 20 + place))),
  )
  const { successes, errors } = tally(answers)
  const rows = await countRows(stage, startAt(1, 20), startAt(1, 25))
  return {
    name: 'Five sequential slots test',
    passed: successes === 5 && rows === 5,
    lines: [
      `   - Successful bookings: ${successes}`,
      `   - Database verification: ${rows} appointments created`,
      ...errorLines(errors),
    ],
    timing: watch.result(),
  }
}

const pastTime: Scenario = async (stage) => {
  const watch = stopwatch()
  const answer = await watch.time(() => stage.callers.at(0).book(0, vetOf(stage, 0), startAt(-4, 20)))
  const result = answer.kind === 'refused' ? `${answer.code}: ${answer.message}` : answer.kind
  return {
    name: 'Past time test',
    passed: answer.kind === 'refused' && answer.code === 'INVALID_TIME' && answer.message.includes('futuro'),
    lines: [`   - Answer: ${result}`],
    timing: watch.result(),
  }
}

/** All callers move one appointment from its first version to different times: one succeeds, the others are refused. */
const concurrentMoves: Scenario = async (stage) => {
  const watch = stopwatch()
  const vet = vetOf(stage, 1)
  const booked = await stage.callers.at(0).book(0, vet, startAt(2, 0))
  const id = booked.kind === 'success' ? (booked.data.appointment_id ?? booked.data.appointmentId) : undefined
  const count = Math.min(stage.count, 40)
  const answers = await all(count, (place) =>
    watch.time(() => stage.callers.at(place).move(0, String(id), startAt(2, 1 + place), 1)),
  )
  const { successes, errors, codes } = tally(answers)
  const stale = codes.get('STALE_VERSION') ?? 0
  const rows = await countRows(stage, startAt(2, 0), startAt(3, 0))
  return {
    name: 'Concurrent moves test',
    passed: successes === 1 && stale === count - 1 && rows === 1,
    lines: [
      `   - Successful moves: ${successes}`,
      `   - Rejected (moved by another caller): ${stale}`,
      `   - Failed with errors: ${errors.length}`,
      `   - Database verification: ${rows} appointment, one time`,
      ...errorLines(errors),
    ],
    timing: watch.result(),
  }
}

const consecutive: Scenario = async (stage) => {
  const watch = stopwatch()
  const answers: Answer[] = []
  for (let at = 0; at < 100; at += 1) {
    const vet = vetOf(stage, at)
    const slot = Math.floor(at / stage.clinic.vets.length)
    answers.push(await watch.time(() => stage.callers.at(0).book(at, vet, startAt(4, slot))))
  }
  const { successes, errors } = tally(answers)
  return {
    name: '100 consecutive bookings test',
    passed: successes === 100,
    lines: [`   - Successful bookings: ${successes}`, ...errorLines(errors)],
    timing: watch.result(),
  }
}

/** Each device of one customer merges a different product at once: the cart must contain them all. */
const cartMerges: Scenario = async (stage) => {
  const watch = stopwatch()
  const { products, clients, tenant } = stage.clinic
  const count = Math.min(stage.count, products.length)
  const answers = await all(count, (place) =>
    watch.time(() =>
      stage.callers
        .at(place)
        .merge(0, [{ type: 'product', id: products[place] ?? '', quantity: 1 + (place % 9) }]),
    ),
  )
  const { successes, errors } = tally(answers)
  const { rows } = await stage.client.query<{ count: number }>(
    'select count(*)::int as count from public.cart_items where tenant_id = $1 and customer_id = $2',
    [tenant, clients[0]?.userId],
  )
  const lines = rows[0]?.count ?? 0
  return {
    name: 'Cart merge test',
    passed: successes === count && lines === count,
    lines: [
      `   - Devices merged: ${successes}`,
      `   - Failed with errors: ${errors.length}`,
      `   - Database verification: ${lines} of ${count} items in the cart`,
      ...errorLines(errors),
    ],
    timing: watch.result(),
  }
}

/** the scenarios, in the order in which they run */
const named = {
  'Race condition test': oneSlot,
  'Five sequential slots test': fiveSlots,
  'Past time test': pastTime,
  'Concurrent moves test': concurrentMoves,
  '100 consecutive bookings test': consecutive,
  'Cart merge test': cartMerges,
} satisfies Readonly<Record<string, Scenario>>

export const scenarioNames: readonly string[] = Object.keys(named)

export const scenarios: readonly Scenario[] = Object.values(named)
