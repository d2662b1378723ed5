import type { ScheduleResult } from '@vetcita/contracts'

/**
 * Whether a visit is within a vet's hours on that day, which the database requires of pet owners. A vet without set
 * hours has no limits.
 * @param visit its time is the clinic's, `HH:MM`
 * @returns undefined if the schedule does not cover that day or vet
 */
export function isWithinHours(
  schedule: Pick<ScheduleResult, 'vets' | 'days'> | undefined,
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
