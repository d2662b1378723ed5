import { type Call, predictBooking, predictMove, predictStatus } from './calendar-model.ts'
import { predictMerge, predictSetItem } from './cart-model.ts'
import { predictSlots } from './slots-model.ts'
import { predictStanding } from './standing-model.ts'

export type Appointment = {
  pet: number
  vet: number
  /** minutes from the first day's midnight */
  start: number
  end: number
  busyUntil: number
  status: string
  version: number
}

/** What a booking with a key asked for. */
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

/** What a clinic holds, as the contract says it must: a value, never changed, so that several orders can be tried. */
export type State = {
  appointments: ReadonlyMap<string, Appointment>
  /** by actor and key: the request as it was sent, and its appointment */
  keys: ReadonlyMap<string, { request: Booking; id: string }>
  timeOff: ReadonlyMap<string, { vet: number; start: number; end: number }>
  /** by vet and day, as `0 1`: from when to when, in minutes of that day */
  hours: ReadonlyMap<string, readonly [number, number]>
  /** by owner */
  carts: ReadonlyMap<number, readonly Line[]>
  /** how long before the start an owner may still move or cancel, in minutes */
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

/** The answer that the contract asks for, in one line, and what the clinic holds afterwards. */
export type Prediction = { answer: string; state: State }

/**
 * What must come of a call.
 *
 * @param newId the id that the database gave to what the call made, if it made something: the one thing that no model
 *   can know
 */
export function predict(state: State, call: Call, newId: string): Prediction {
  switch (call.kind) {
    case 'book':
      return predictBooking(state, call, newId)
    case 'move':
      return predictMove(state, call)
    case 'status':
      return predictStatus(state, call)
    case 'merge':
      return predictMerge(state, call)
    case 'setItem':
      return predictSetItem(state, call)
    case 'slots':
      return { answer: predictSlots(state, call), state }
    case 'takeTimeOff': {
      const row = { vet: call.vet, start: call.start, end: call.start + call.minutes }
      return { answer: 'done', state: { ...state, timeOff: new Map(state.timeOff).set(call.target, row) } }
    }
    case 'endTimeOff': {
      const timeOff = new Map(state.timeOff)
      timeOff.delete(call.target)
      return { answer: 'done', state: { ...state, timeOff } }
    }
    case 'setHours': {
      const hours = new Map(state.hours)
      if (call.hours === null) hours.delete(`${call.vet} ${call.day}`)
      else hours.set(`${call.vet} ${call.day}`, call.hours)
      return { answer: 'done', state: { ...state, hours } }
    }
    case 'setNotice':
      return { answer: 'done', state: { ...state, notice: call.minutes } }
    case 'join':
    case 'hire':
    case 'letGo':
      return predictStanding(state, call)
  }
}
