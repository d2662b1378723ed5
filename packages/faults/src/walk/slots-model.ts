import { isAway, isOpen, isPetBusy, isTaken, isTooLate } from './calendar-model.ts'
import { membershipOf } from './membership-model.ts'
import { services } from './operations.ts'
import type { Call, State } from './state.ts'

type Slots = Extract<Call, { kind: 'slots' }>
export type Offer = { vet: number; start: number; end: number }

/** Predicts `available_slots`: the starts at which a pet owner's booking, or move of that appointment, would succeed. */
export function predictSlots(state: State, call: Slots): string {
  const service = services[call.service] ?? services[0]
  let length: number = service.minutes
  let buffer: number = service.buffer
  let pet: number | undefined
  if (call.appointment !== null) {
    const found = state.appointments.get(call.target)
    const memberships = [true, false].map((asStaff) =>
      membershipOf(state, { actor: call.actor, asStaff }, found),
    )
    const mayMove =
      memberships.includes('staff') || (memberships.includes('owner') && !isTooLate(state, 'owner'))
    if (found === undefined || !mayMove || !['scheduled', 'confirmed'].includes(found.status))
      return offers([])
    pet = found.pet
    length = found.end - found.start
    buffer = found.busyUntil - found.end
  }
  const except = call.appointment === null ? undefined : call.target
  const found: Offer[] = []
  for (const vet of call.vet === null ? [0, 1] : [call.vet]) {
    const hours = state.hours.get(`${vet} ${call.day}`)
    if (hours === undefined) continue
    for (let minute = hours[0]; minute < hours[1]; minute += call.step) {
      const start = call.day * 1440 + minute
      const end = start + length
      if (
        isOpen(state, vet, start, end) &&
        !isAway(state, vet, start, end + buffer) &&
        !(pet !== undefined && isPetBusy(state, pet, start, end, except)) &&
        !isTaken(state, vet, start, end + buffer, except)
      )
        found.push({ vet, start, end })
    }
  }
  return offers(found)
}

/** Returns offers as one sorted line. */
export function offers(found: readonly Offer[]): string {
  const sorted = found.map(({ vet, start, end }) => `${vet}@${start}-${end}`).sort()
  return `slots [${sorted.join(' ')}]`
}
