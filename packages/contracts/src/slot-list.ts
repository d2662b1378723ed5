import type { AvailableSlots, Slot } from './slots.ts'

/**
 * Returns the free starts of a search by time. Of several vets at one time the first is whose turn it is: who gets a
 * booking with "anyone". Without zod, so that pages do not load it.
 */
export function slotsOf({ vets, turns }: AvailableSlots): Slot[] {
  const slots = vets
    .flatMap(({ vetId, starts }, vet) =>
      starts.map((startTime) => ({ slot: { vetId, startTime }, vet, at: Date.parse(startTime) })),
    )
    .sort((one, other) => one.at - other.at || one.vet - other.vet)
  let time = -1
  let last = Number.NaN
  const placed = slots.map((one) => {
    if (one.at !== last) time += 1
    last = one.at
    return { ...one, isNext: turns[time] === one.vet }
  })
  return placed
    .sort(
      (one, other) => one.at - other.at || Number(other.isNext) - Number(one.isNext) || one.vet - other.vet,
    )
    .map(({ slot }) => slot)
}
