import type { AvailableSlots, Slot } from './slots.ts'

/** Returns the free starts of a search by time, then by vet. Without zod, so that pages do not load it. */
export function slotsOf({ vets }: AvailableSlots): Slot[] {
  const slots = vets.flatMap(({ vetId, starts }) =>
    starts.map((startTime) => ({ slot: { vetId, startTime }, at: Date.parse(startTime) })),
  )
  return slots
    .sort((one, other) => one.at - other.at || (one.slot.vetId < other.slot.vetId ? -1 : 1))
    .map(({ slot }) => slot)
}
