import { backend, textOf, user } from '@vetcita/testing/sql/calls'
import { at } from '@vetcita/testing/sql/clinic'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Population, populate, spread } from './support/population.ts'
import { crowd, type Finish, type Gate, race, racer, tally } from './support/race.ts'

// Many callers, each on its own connection, compete for one slot and are released together. The races run with and
// without the overlap constraint, because the locks alone must be enough.

// `pnpm test:full` sets the number of callers; `pnpm test` runs smaller crowds.
const rounds: ReadonlyArray<readonly [size: number, gates: readonly Gate[]]> = process.env.VETCITA_RACERS
  ? [[Number(process.env.VETCITA_RACERS), ['door', 'vet']]]
  : [
      [10, ['door', 'vet', 'door', 'vet']],
      [100, ['door', 'vet']],
    ]
const most = Math.max(...rounds.map(([size]) => size))

const db = await fileDatabase()
let people: Population
let clients: pg.Client[]
let gatekeeper: pg.Client
/** the day of the last race; each race uses its own */
let day = 10

beforeAll(async () => {
  people = await populate(db.admin, await crowd(db.admin, most), 20)
  gatekeeper = await db.connect()
  clients = await db.connectMany(people.owners.length)
  // a connection that waits this long searches all waiters for a deadlock, and 500 searches cost more than the race
  await Promise.all(clients.map((client) => client.query(`set deadlock_timeout = '5s'`)))
})

describe.for(['with', 'without'] as const)(
  '%s the overlap constraint',
  { timeout: 300_000 },
  (constraint) => {
    beforeAll(async () => {
      if (constraint === 'without') await dropOverlapConstraint(db.admin)
    })

    const slotArguments = (pet: string, start: string) => ({
      p_tenant_id: people.clinic.tenant,
      p_pet_id: pet,
      p_service_id: people.clinic.service,
      p_vet_id: people.clinic.vet,
      p_start_time: start,
    })
    const booking = ({ owner, pet }: Population['owners'][number], start: string) =>
      racer(user(owner), 'book_appointment_atomic', slotArguments(pet, start))
    const move = (appointment: { id: string; owner: string }, start: string) =>
      racer(user(appointment.owner), 'reschedule_appointment_atomic', {
        p_appointment_id: appointment.id,
        p_new_start_time: start,
        p_performed_by: appointment.owner,
        p_new_vet_id: people.clinic.vet,
      })
    const run = (racers: Parameters<typeof race>[2], gate: Gate) =>
      race(gatekeeper, clients, racers, gate, people.clinic)
    const rowsOn = (date: number) =>
      db.value(
        `select count(*)::int from appointments
       where tenant_id = $1 and vet_id = $2 and start_time >= $3 and start_time < $4`,
        [people.clinic.tenant, people.clinic.vet, at(date, '00:00'), at(date + 1, '00:00')],
      )
    /** Expects one success, SLOT_UNAVAILABLE for all others, and one row. */
    const expectOneWinner = async (finishes: readonly Finish[], date: number) => {
      expect(tally(finishes)).toEqual({ success: 1, SLOT_UNAVAILABLE: finishes.length - 1 })
      expect(await rowsOn(date)).toBe(1)
    }
    const expectNoViolations = async (finishes: readonly Finish[]) => {
      const appointmentIds = finishes.flatMap(({ outcome }) =>
        outcome?.success ? [textOf(outcome, 'appointment_id')] : [],
      )
      expect(await violations(db.admin, { appointmentIds })).toEqual(noViolations)
    }

    test.for(rounds)(
      '%i callers book one slot: one succeeds, the others get SLOT_UNAVAILABLE',
      async ([size, gates]) => {
        for (const gate of gates) {
          day += 1
          const finishes = await run(
            people.owners.slice(0, size).map((owner) => booking(owner, at(day, '10:00'))),
            gate,
          )
          await expectOneWinner(finishes, day)
          await expectNoViolations(finishes)
        }
      },
    )

    describe.for(rounds)('%i callers', ([size, gates]) => {
      const callers = () => people.owners.slice(0, size)

      test('move their appointments to one slot: one moves, the others stay', async () => {
        const mine = await spread(db.admin, people, people.vets[0] ?? '', at(400 + day * 20, '00:00'))
        const before = await db.rows('select id, start_time from appointments where id = any ($1)', [
          mine.map(({ id }) => id),
        ])
        const moved: string[] = []
        for (const gate of gates) {
          day += 1
          const movers = mine.filter(({ id }) => !moved.includes(id)).slice(0, size)
          const finishes = await run(
            movers.map((appointment) => move(appointment, at(day, '10:00'))),
            gate,
          )
          await expectOneWinner(finishes, day)
          await expectNoViolations(finishes)
          for (const { outcome } of finishes)
            if (outcome?.success) moved.push(textOf(outcome, 'appointment_id'))
        }
        const stayed = await db.rows(
          'select id, start_time from appointments where id = any ($1) and not id = any ($2)',
          [mine.map(({ id }) => id), moved],
        )
        expect(new Set(stayed.map(keyOf))).toEqual(
          new Set(before.filter(({ id }) => !moved.includes(String(id))).map(keyOf)),
        )
        await db.rows('delete from appointments where id = any ($1)', [mine.map(({ id }) => id)])
      })

      test('compete for one slot, half of them booking and half moving', async () => {
        const half = Math.floor(size / 2)
        for (const gate of gates) {
          day += 1
          const mine = await spread(db.admin, people, people.vets[1] ?? '', at(400 + day * 20, '00:00'))
          const finishes = await run(
            callers().map((owner, index) => {
              const appointment = mine[index]
              return index < half && appointment
                ? move(appointment, at(day, '10:00'))
                : booking(owner, at(day, '10:00'))
            }),
            gate,
          )
          await expectOneWinner(finishes, day)
          await expectNoViolations(finishes)
          await db.rows('delete from appointments where id = any ($1)', [mine.map(({ id }) => id)])
        }
      })

      test('book ranges that overlap but are not equal', async () => {
        for (const gate of gates) {
          day += 1
          const finishes = await run(
            callers().map(({ pet }, index) =>
              // starts from 10:00 to 10:29 and lengths from half an hour to four hours: all contain 10:29 to 10:30
              racer(backend, 'book_appointment_atomic', {
                ...slotArguments(pet, at(day, `10:${String(index % 30).padStart(2, '0')}`)),
                p_duration_minutes: 30 + (index % 211),
                p_booked_by: people.clinic.receptionist,
              }),
            ),
            gate,
          )
          await expectOneWinner(finishes, day)
          await expectNoViolations(finishes)
        }
      })

      test('send one request with one idempotency key: all get the same appointment', async () => {
        for (const gate of gates) {
          day += 1
          const [first] = people.owners
          const finishes = await run(
            callers().map(() =>
              racer(user(first?.owner ?? ''), 'book_appointment_atomic', {
                ...slotArguments(first?.pet ?? '', at(day, '10:00')),
                p_idempotency_key: `key ${day}`,
              }),
            ),
            gate,
          )
          expect(tally(finishes)).toEqual({ success: 1, replayed: finishes.length - 1 })
          expect(new Set(finishes.map(({ outcome }) => outcome?.appointment_id)).size).toBe(1)
          expect(await rowsOn(day)).toBe(1)
          await expectNoViolations(finishes)
        }
      })

      test('send one idempotency key for different vets: one row, and IDEMPOTENCY_KEY_REUSED for the others', async () => {
        for (const gate of gates) {
          day += 1
          const [first] = people.owners
          const finishes = await run(
            callers().map((_, index) =>
              racer(user(first?.owner ?? ''), 'book_appointment_atomic', {
                ...slotArguments(first?.pet ?? '', at(day, '10:00')),
                p_vet_id: people.vets[index % people.vets.length] ?? '',
                p_idempotency_key: `vets ${day}`,
              }),
            ),
            gate,
          )
          const winners = finishes.filter(({ outcome }) => outcome?.success)
          expect(new Set(winners.map(({ outcome }) => outcome?.appointment_id)).size).toBe(1)
          const { success, replayed = 0, IDEMPOTENCY_KEY_REUSED, ...others } = tally(finishes)
          expect(others).toEqual({})
          expect(success).toBe(1)
          // callers who chose the winner's vet sent the same request, so they get a replay
          expect(replayed + (IDEMPOTENCY_KEY_REUSED ?? 0)).toBe(finishes.length - 1)
          expect(
            await db.value('select count(*)::int from appointments where idempotency_key = $1', [
              `vets ${day}`,
            ]),
          ).toBe(1)
          await expectNoViolations(finishes)
        }
      })
    })
  },
)

/** Returns a key that is equal if id and start are. */
function keyOf(row: Record<string, unknown>): string {
  return JSON.stringify([row.id, row.start_time])
}
