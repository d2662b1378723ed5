import process from 'node:process'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { expect, test } from 'vitest'
import { burstSize, walk } from '../src/walk/walk.ts'

// Random operations by several callers at once, checked against a model of the contract.
// `pnpm test:faults --ops 1000000 --seed 7` walks longer, from a seed that a failure has printed.

const operations = Number(process.env.FAULTS_OPS ?? 50_000)
const firstSeed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1_000_000))
const walkers = 4
const clinicsPerWalk = 10

/** Every answer that each operation can get in a walk. */
const everyAnswer = Object.entries({
  book: 'done replayed IDEMPOTENCY_KEY_REUSED PET_NOT_FOUND INVALID_DURATION INVALID_TIME VET_NOT_FOUND OUTSIDE_HOURS VET_AWAY SLOT_UNAVAILABLE',
  move: 'done replayed NOT_FOUND FORBIDDEN INVALID_STATUS STALE_VERSION INVALID_TIME TOO_LATE VET_NOT_FOUND OUTSIDE_HOURS VET_AWAY SLOT_UNAVAILABLE',
  status: 'done replayed NOT_FOUND FORBIDDEN INVALID_TRANSITION STALE_VERSION TOO_LATE',
  merge: 'done CUSTOMER_NOT_FOUND',
  setItem: 'done ITEM_NOT_FOUND CUSTOMER_NOT_FOUND',
  join: 'done',
  hire: 'done ALREADY_STAFF',
  dismiss: 'done STAFF_NOT_FOUND',
  slots: 'done',
  takeTimeOff: 'done',
  endTimeOff: 'done',
  setHours: 'done',
  setNotice: 'done',
}).flatMap(([kind, codes]) => codes.split(' ').map((code) => `${kind} ${code}`))

const db = await fileDatabase()

test(`${operations} operations do what the model predicts`, {
  timeout: 60_000 + operations * 10,
}, async () => {
  const clients = await db.connectMany(walkers * burstSize)
  const begun = performance.now()
  const answers = new Map<string, number>()
  let calls = 0
  let seed = firstSeed
  let hasFailed = false
  await Promise.all(
    Array.from({ length: walkers }, async (_, walker) => {
      const own = clients.slice(walker * burstSize, (walker + 1) * burstSize)
      while (calls < operations && !hasFailed) {
        const mine = seed
        seed += 1
        await walk({
          clients: own,
          seed: mine,
          clinics: clinicsPerWalk,
          onAnswer: (kind, code) => {
            calls += 1
            answers.set(`${kind} ${code}`, (answers.get(`${kind} ${code}`) ?? 0) + 1)
          },
        }).catch((error: unknown) => {
          hasFailed = true
          throw new Error(`Repeat it with: pnpm test:faults walk --seed ${mine}`, { cause: error })
        })
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  console.info(
    `the walk: ${calls} operations, seeds ${firstSeed} to ${seed - 1}, ${Math.round(calls / seconds)} a second\n${[
      ...answers,
    ]
      .sort()
      .map(([answer, times]) => `${answer} ${times}`)
      .join(', ')}`,
  )
  // an answer that never occurred was not tested
  if (operations >= 20_000) expect([...answers.keys()]).toEqual(expect.arrayContaining(everyAnswer))
  expect(calls).toBeGreaterThanOrEqual(operations)
  expect(await violations(db.admin)).toEqual(noViolations)
})

/**
 * Returns the failure of a walk that must fail. About one clinic in five meets a planted fault, and whether the database
 * answers a burst in an order that reveals it is chance: 500 clinics give a hundred chances.
 */
async function failureOfWalk(): Promise<string> {
  const clients = await db.connectMany(burstSize)
  try {
    await walk({ clients, seed: 104, clinics: 500 })
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.cause}` : String(error)
  }
  throw new Error('The walk did not fail')
}

/** Shrinking repeats the walk many times. */
const longWhenShrunk = { timeout: 120_000 }

test(
  'finds a booking that ignores the buffer, and shrinks the walk to a few steps',
  longWhenShrunk,
  async () => {
    await dropOverlapConstraint(db.admin)
    const restore = await spoil(db.admin, 'slot_refusals', [
      [/select busy_until > p_start/, 'select end_time > p_start'],
    ])
    try {
      const failure = await failureOfWalk()
      expect(failure).toMatch(/seed: 104, path: "[\d:]+"/)
      expect(failure).toContain('Shrunk')
      // two bookings suffice to show it; a walk that was not shrunk has dozens
      expect(failure.split('"kind":"book"').length).toBeLessThan(8)
    } finally {
      await restore()
    }
  },
)

test(
  'finds a booking without the lock: no order of the calls explains two successes',
  longWhenShrunk,
  async () => {
    const restore = await spoil(db.admin, 'book_appointment_atomic', [
      [/for no key update\s+\) p;/, ') p;'],
      [/insert into appointments/, 'perform pg_sleep(0.02); insert into appointments'],
    ])
    // the lock that plain inserts take would hide that the function takes none
    await db.rows('alter table appointments disable trigger appointments_lock_vet')
    try {
      expect(await failureOfWalk()).toContain('No order of these calls explains the answers')
    } finally {
      await db.rows('alter table appointments enable trigger appointments_lock_vet')
      await restore()
    }
  },
)
