import type { ScheduleResult } from '@vetcita/contracts'

/**
 * Does a visit lie within a vet's hours of that day, as the database asks of an owner? Who keeps no hours has no limits.
 * @param time the clinic's clock, `HH:MM`
 * @returns undefined where it is not known: another day's schedule, or a vet who is not in it
 */
export function isWithinHours(
  schedule: ScheduleResult | undefined,
  visit: { vetId: string; date: string; time: string; minutes: number },
): boolean | undefined {
  const vet = schedule?.vets.find(({ id }) => id === visit.vetId)
  if (vet === undefined || !schedule?.days.some(({ date }) => date === visit.date)) return undefined
  if (vet.hours === null) return true
  const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
  const start = minutesOf(visit.time)
  return vet.hours.some(
    ({ date, opens, closes }) =>
      date === visit.date && start >= minutesOf(opens) && start + visit.minutes <= minutesOf(closes),
  )
}
