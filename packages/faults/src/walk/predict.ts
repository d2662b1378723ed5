import { predictBooking, predictMove, predictStatus } from './calendar-model.ts'
import { predictMerge, predictSetItem } from './cart-model.ts'
import { predictMembership } from './membership-model.ts'
import { predictSlots } from './slots-model.ts'
import type { Call, Prediction, State } from './state.ts'

/**
 * Returns the answer to a call and the state after it, by the contract.
 *
 * @param newId the id that the database gave to the row that the call made, if any
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
    case 'dismiss':
      return predictMembership(state, call)
  }
}
