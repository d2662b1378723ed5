import process from 'node:process'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { expect, test } from 'vitest'
import { burstSize, walk } from '../src/walk/walk.ts'

// Everything that people can do, by many of them at once, in clinics side by side, against a model that says what must
// come of it. `pnpm test:faults --ops 1000000 --seed 7` walks longer, and along a path that a failure has printed.

const operations = Number(process.env.FAULTS_OPS ?? 50_000)
const firstSeed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1_000_000))
const walkers = 4
const clinicsPerWalk = 10

/** Each operation with every way in which this walk's people may be answered. */
const everyAnswer = Object.entries({
  book: 'done replayed IDEMPOTENCY_KEY_REUSED PET_NOT_FOUND INVALID_DURATION INVALID_TIME VET_NOT_FOUND OUTSIDE_HOURS VET_AWAY SLOT_UNAVAILABLE',
  move: 'done replayed NOT_FOUND FORBIDDEN INVALID_STATUS STALE_VERSION INVALID_TIME TOO_LATE VET_NOT_FOUND OUTSIDE_HOURS VET_AWAY SLOT_UNAVAILABLE',
  status: 'done replayed NOT_FOUND FORBIDDEN INVALID_TRANSITION STALE_VERSION TOO_LATE',
  merge: 'done CUSTOMER_NOT_FOUND',
  setItem: 'done ITEM_NOT_FOUND CUSTOMER_NOT_FOUND',
  join: 'done',
  hire: 'done ALREADY_STAFF',
  letGo: 'done STAFF_NOT_FOUND',
  slots: 'done',
  takeTimeOff: 'done',
  endTimeOff: 'done',
  setHours: 'done',
  setNotice: 'done',
}).flatMap(([kind, words]) => words.split(' ').map((word) => `${kind} ${word}`))

const db = await fileDatabase()

test(`${operations} operations do what the model says`, { timeout: 60_000 + operations * 10 }, async () => {
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
          told: (kind, word) => {
            calls += 1
            answers.set(`${kind} ${word}`, (answers.get(`${kind} ${word}`) ?? 0) + 1)
          },
        }).catch((error: unknown) => {
          hasFailed = true
          throw new Error(`To walk there again: pnpm test:faults walk --seed ${mine}`, { cause: error })
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
  // what never happens proves nothing
  if (operations >= 20_000) expect([...answers.keys()]).toEqual(expect.arrayContaining(everyAnswer))
  expect(calls).toBeGreaterThanOrEqual(operations)
  expect(await violations(db.admin)).toEqual(noViolations)
})

/**
 * What a walk says that must fail. It meets a fault in one clinic of five or so; whether the database answers a burst
 * in an order that shows it is chance, so there are clinics enough for a hundred chances.
 */
async function failureOfWalk(): Promise<string> {
  const clients = await db.connectMany(burstSize)
  try {
    await walk({ clients, seed: 104, clinics: 500 })
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.cause}` : String(error)
  }
  throw new Error('The walk found nothing')
}

/** Shrinking walks again and again. */
const longWhenShrunk = { timeout: 120_000 }

test(
  'a buffer that nobody looks at: the walk finds it, and shrinks it to a few steps',
  longWhenShrunk,
  async () => {
    await dropOverlapConstraint(db.admin)
    const mend = await spoil(db.admin, 'slot_is_taken', [[/busy_until > p_start/, 'end_time > p_start']])
    try {
      const failure = await failureOfWalk()
      expect(failure).toMatch(/seed: 104, path: "[\d:]+"/)
      expect(failure).toContain('Shrunk')
      // two bookings are enough to show it, and a walk that was not shrunk has dozens
      expect(failure.split('"kind":"book"').length).toBeLessThan(8)
    } finally {
      await mend()
    }
  },
)

test('a booking without the lock: no order of the calls explains two successes', longWhenShrunk, async () => {
  const mend = await spoil(db.admin, 'book_appointment_atomic', [
    [/for no key update;/, ';'],
    [/insert into appointments/, 'perform pg_sleep(0.02); insert into appointments'],
  ])
  // the lock that plain inserts take would hide that the function takes none
  await db.rows('alter table appointments disable trigger appointments_lock_vet')
  try {
    expect(await failureOfWalk()).toContain('No order of these calls explains the answers')
  } finally {
    await db.rows('alter table appointments enable trigger appointments_lock_vet')
    await mend()
  }
})
