import fc from 'fast-check'

/** People and things are numbers, so that an operation keeps its meaning in another walk's clinic. */
export const receptionist = 2
export const vetActor = 3
/** A user with an account and, until they join, no profile at the clinic. */
export const newcomer = 4
/** Vet number 2 is the receptionist, who is not a vet. */
export const noVet = 2
export const services = [
  { minutes: 30, buffer: 0 },
  { minutes: 45, buffer: 15 },
] as const
/** Two products and a service that are for sale, and a product that is not. */
export const items = [
  { type: 'product', sold: true },
  { type: 'product', sold: true },
  { type: 'service', sold: true },
  { type: 'product', sold: false },
] as const
const days = 2

/**
 * An operation. Actors 0 and 1 are pet owners with one pet each, 2 is the receptionist, who may be dismissed and hired
 * again, 3 is a vet, 4 the newcomer. Times are minutes from the first day's midnight, UTC; negative ones are in the past.
 * `appointment` and `timeOff` index the existing rows, modulo their number.
 */
export type Operation =
  | {
      kind: 'book'
      /** If set, the index of an earlier booking with a key, which is sent again, as a client without an answer does. */
      again: number | null
      actor: number
      pet: number
      service: number
      vet: number
      start: number
      minutes: number | null
      key: number | null
    }
  | {
      kind: 'move'
      actor: number
      asStaff: boolean
      appointment: number
      start: number
      vet: number | null
      version: Version
    }
  | {
      kind: 'status'
      actor: number
      asStaff: boolean
      appointment: number
      status: string
      version: Version
    }
  | { kind: 'merge'; actor: number; lines: ReadonlyArray<{ item: number; quantity: number }> }
  | { kind: 'setItem'; actor: number; item: number; quantity: number; mode: 'set' | 'add' }
  | {
      kind: 'slots'
      actor: number
      service: number
      day: number
      vet: number | null
      step: number
      appointment: number | null
    }
  | { kind: 'takeTimeOff'; vet: number; start: number; minutes: number }
  | { kind: 'endTimeOff'; timeOff: number }
  | { kind: 'setHours'; vet: number; day: number; hours: readonly [number, number] | null }
  | { kind: 'join'; actor: number }
  | { kind: 'hire' | 'dismiss' }
  | { kind: 'setNotice'; minutes: number }

/** The version that the actor expects: none, the current one, or the one before. */
export type Version = 'any' | 'current' | 'old'

const longAgo = -10_000
/** On the quarter hour between 8 and 14, close enough together to conflict. */
const time = fc.record({ day: fc.nat(days - 1), quarter: fc.nat(23) })
const start = fc.oneof(
  { weight: 30, arbitrary: time.map(({ day, quarter }) => day * 1440 + 480 + quarter * 15) },
  { weight: 1, arbitrary: fc.constant(longAgo) },
)
const actor = fc.nat(newcomer)
const owner = fc.nat(1)
const staff = fc.constantFrom(receptionist, vetActor)
/** Mostly actors with the right: a refusal because of the caller tests none of the later checks. */
const booker = fc.oneof(
  { weight: 5, arbitrary: owner.map((own) => ({ actor: own, pet: own })) },
  { weight: 4, arbitrary: fc.record({ actor: staff, pet: owner }) },
  { weight: 1, arbitrary: fc.record({ actor, pet: owner }) },
)
const changer = fc.oneof(
  { weight: 4, arbitrary: fc.record({ actor: staff, asStaff: fc.constant(true) }) },
  { weight: 3, arbitrary: fc.record({ actor: owner, asStaff: fc.constant(false) }) },
  { weight: 1, arbitrary: fc.record({ actor, asStaff: fc.boolean() }) },
)
const shopper = fc.constantFrom(0, 1, newcomer)
const vet = fc.oneof({ weight: 12, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.constant(noVet) })
const version = fc.constantFrom<Version>('any', 'any', 'current', 'old')
const line = fc.record({ item: fc.nat(items.length - 1), quantity: fc.integer({ min: 1, max: 99 }) })

const book = fc
  .record({
    kind: fc.constant('book' as const),
    again: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(10) }),
    booker,
    service: fc.nat(services.length - 1),
    vet,
    start,
    minutes: fc.constantFrom(null, null, null, null, 30, 60),
    key: fc.option(fc.nat(6), { freq: 2 }),
  })
  .map(({ booker: chosen, ...rest }) => ({ ...rest, ...chosen }))
const move = fc
  .record({
    kind: fc.constant('move' as const),
    changer,
    appointment: fc.nat(40),
    start,
    vet: fc.option(vet, { freq: 2 }),
    version,
  })
  .map(({ changer: chosen, ...rest }) => ({ ...rest, ...chosen }))
const status = fc
  .record({
    kind: fc.constant('status' as const),
    changer,
    appointment: fc.nat(40),
    status: fc.constantFrom(
      'scheduled',
      'confirmed',
      'confirmed',
      'checked_in',
      'in_progress',
      'completed',
      'cancelled',
      'cancelled',
      'no_show',
    ),
    version,
  })
  .map(({ changer: chosen, ...rest }) => ({ ...rest, ...chosen }))
const merge = fc.record({
  kind: fc.constant('merge' as const),
  actor: shopper,
  lines: fc.array(line, { maxLength: 5 }),
})
const setItem = fc.oneof(
  fc.record({
    kind: fc.constant('setItem' as const),
    actor: shopper,
    item: fc.nat(items.length - 1),
    quantity: fc.integer({ min: -99, max: 99 }),
    mode: fc.constant('add' as const),
  }),
  fc.record({
    kind: fc.constant('setItem' as const),
    actor: shopper,
    item: fc.nat(items.length - 1),
    quantity: fc.nat(99),
    mode: fc.constant('set' as const),
  }),
)
const slots = fc.record({
  kind: fc.constant('slots' as const),
  actor,
  service: fc.nat(services.length - 1),
  day: fc.nat(days - 1),
  vet: fc.option(fc.nat(1)),
  step: fc.constantFrom(15, 30, 25),
  appointment: fc.option(fc.nat(40), { freq: 1 }),
})
const takeTimeOff = fc.record({
  kind: fc.constant('takeTimeOff' as const),
  vet: fc.nat(1),
  start: time.map(({ day, quarter }) => day * 1440 + 480 + quarter * 15),
  minutes: fc.constantFrom(15, 30, 60),
})
const endTimeOff = fc.record({ kind: fc.constant('endTimeOff' as const), timeOff: fc.nat(10) })
const setHours = fc.record({
  kind: fc.constant('setHours' as const),
  vet: fc.nat(1),
  day: fc.nat(days - 1),
  hours: fc.option(fc.constantFrom<readonly [number, number]>([480, 780], [480, 840], [540, 720]), {
    freq: 3,
  }),
})

const join = fc.record({ kind: fc.constant('join' as const), actor })
const hire = fc.constant({ kind: 'hire' as const })
const dismiss = fc.constant({ kind: 'dismiss' as const })
/** no notice, or one longer than any appointment is ahead */
const setNotice = fc.record({
  kind: fc.constant('setNotice' as const),
  minutes: fc.constantFrom(0, 0, 43_200),
})

/** Any operation: mostly bookings and moves, rarely what closes the calendar. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 9, arbitrary: book },
  { weight: 7, arbitrary: move },
  { weight: 6, arbitrary: status },
  { weight: 3, arbitrary: merge },
  { weight: 3, arbitrary: setItem },
  { weight: 2, arbitrary: slots },
  { weight: 1, arbitrary: takeTimeOff },
  { weight: 1, arbitrary: endTimeOff },
  { weight: 1, arbitrary: setHours },
  { weight: 1, arbitrary: join },
  { weight: 1, arbitrary: hire },
  { weight: 1, arbitrary: dismiss },
  { weight: 1, arbitrary: setNotice },
)
