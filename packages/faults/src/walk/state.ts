import type { Operation } from './operations.ts'

/** An operation with its target, the id of an appointment or a time off, and the version that it expects. */
export type Call = Operation & { target: string; expectedVersion: number | null }

export type Appointment = {
  pet: number
  vet: number
  /** minutes from the first day's midnight */
  start: number
  end: number
  busyUntil: number
  status: string
  version: number
  /** Of a cancelled one: what it was, which staff may make it again. */
  cancelledFrom?: string
}

/** The request of a booking with an idempotency key. */
export type Booking = {
  actor: number
  pet: number
  service: number
  vet: number
  start: number
  minutes: number | null
  key: number | null
}

export type Line = { item: number; quantity: number }

/** What a clinic must hold by the contract. Immutable, so that several orders of calls can be tried from it. */
export type State = {
  appointments: ReadonlyMap<string, Appointment>
  /** by actor and key: the request as it was sent, and its appointment */
  keys: ReadonlyMap<string, { request: Booking; id: string }>
  timeOff: ReadonlyMap<string, { vet: number; start: number; end: number }>
  /** by vet and day, as `0 1`: opening and closing time, in minutes of that day */
  hours: ReadonlyMap<string, readonly [number, number]>
  /** by actor */
  carts: ReadonlyMap<number, readonly Line[]>
  /** how long before the start a pet owner may still move or cancel, in minutes */
  notice: number
  isReceptionistStaff: boolean
  hasNewcomerJoined: boolean
}

export const emptyState: State = {
  appointments: new Map(),
  keys: new Map(),
  timeOff: new Map(),
  hours: new Map(),
  carts: new Map(),
  notice: 0,
  isReceptionistStaff: true,
  hasNewcomerJoined: false,
}

/** The answer that the contract requires, in one line, and the state afterwards. */
export type Prediction = { answer: string; state: State }
