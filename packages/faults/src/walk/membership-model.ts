import { newcomer, receptionist, vetActor } from './operations.ts'
import type { Appointment, Prediction, State } from './state.ts'

/** Whether the actor's profile has a staff role now; contract, "Who is calling". */
export function isStaff(state: State, actor: number): boolean {
  return actor === vetActor || (actor === receptionist && state.isReceptionistStaff)
}

/** Returns as what the actor may change an appointment, or the refusal: what a caller may not see is not found. */
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

/** Whether the actor has a profile, and so may have a cart. */
export function isCustomer(state: State, actor: number): boolean {
  return actor !== newcomer || state.hasNewcomerJoined
}

/** Predicts `join_clinic`, which is a no-op for a member, the acceptance of an invitation, and a dismissal by an admin. */
export function predictMembership(
  state: State,
  call: { kind: 'join'; actor: number } | { kind: 'hire' | 'dismiss' },
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
    case 'dismiss':
      if (!state.isReceptionistStaff) return { answer: 'STAFF_NOT_FOUND', state }
      return { answer: 'is owner', state: { ...state, isReceptionistStaff: false } }
  }
}

export function joinedAs(role: string, isNew: boolean): string {
  return `${isNew ? 'joined' : 'was there'} as ${role}`
}
