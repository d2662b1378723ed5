import { newcomer, receptionist, vetActor } from './operations.ts'
import type { Appointment, Prediction, State } from './state.ts'

/** Contract, "Who is calling": staff is whose profile says so now. */
export function isStaff(state: State, actor: number): boolean {
  return actor === vetActor || (actor === receptionist && state.isReceptionistStaff)
}

/** What the actor is to an appointment; contract, "Who is calling": what you may not see does not exist. */
export function membershipOf(
  state: State,
  { actor, asStaff }: { actor: number; asStaff: boolean },
  found: Appointment | undefined,
): 'staff' | 'owner' | 'FORBIDDEN' | 'NOT_FOUND' {
  if (found === undefined) return 'NOT_FOUND'
  if (asStaff && isStaff(state, actor)) return 'staff'
  if (found.pet !== actor) return 'NOT_FOUND'
  return asStaff ? 'FORBIDDEN' : 'owner'
}

/** Who may have a cart: whoever has a profile. */
export function isCustomer(state: State, actor: number): boolean {
  return actor !== newcomer || state.hasNewcomerJoined
}

/** Contract, `join_clinic`, where again is a no-op; and who is hired and let go, by an invitation and an admin. */
export function predictMembership(
  state: State,
  call: { kind: 'join'; actor: number } | { kind: 'hire' | 'letGo' },
): Prediction {
  switch (call.kind) {
    case 'join': {
      const role = call.actor === vetActor ? 'vet' : isStaff(state, call.actor) ? 'receptionist' : 'owner'
      if (isCustomer(state, call.actor)) return { answer: joinedAs(role, false), state }
      return { answer: joinedAs(role, true), state: { ...state, hasNewcomerJoined: true } }
    }
    case 'hire':
      if (state.isReceptionistStaff) return { answer: 'ALREADY_STAFF', state }
      return { answer: 'is receptionist', state: { ...state, isReceptionistStaff: true } }
    case 'letGo':
      if (!state.isReceptionistStaff) return { answer: 'STAFF_NOT_FOUND', state }
      return { answer: 'is owner', state: { ...state, isReceptionistStaff: false } }
  }
}

export function joinedAs(role: string, isNew: boolean): string {
  return `${isNew ? 'joined' : 'was there'} as ${role}`
}
