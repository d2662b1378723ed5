import { useQuery } from '@tanstack/react-query'
import type { Slot } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { addDays, useTRPC } from '@vetcita/ui'

/** How far ahead an empty week looks for the next free time, in days: about two months, the API's most but a week. */
const DAYS_AHEAD = 55

/** For what the times have to be free: a new booking names the service, a move the appointment. */
interface Wanted {
  serviceId?: string
  appointmentId?: string
  vetId?: string
}

/**
 * A week's free times for the slot picker. The week after it is fetched ahead; where this one is empty, the first day
 * after it with room is looked for.
 * @param week the clinic's date with which the week begins
 */
export function useWeekOfSlots(week: string, wanted: Wanted) {
  const trpc = useTRPC()
  const days = (from: string, count: number) =>
    trpc.slots.available.queryOptions({ ...wanted, from, to: addDays(from, count - 1) })
  const following = addDays(week, 7)
  const slots = useQuery(days(week, 7))
  const isEmpty = slots.data?.slots.length === 0
  useQuery({ ...days(following, 7), enabled: slots.isSuccess && !isEmpty, notifyOnChangeProps: [] })
  const later = useQuery({ ...days(following, DAYS_AHEAD), enabled: isEmpty })
  return {
    slots: slots.data?.slots,
    error: slots.data === undefined ? slots.error : null,
    onRetry: () => void slots.refetch(),
    next: later.data === undefined ? undefined : firstDate(later.data.slots),
  }
}

function firstDate([first]: readonly Slot[]): string | null {
  return first === undefined ? null : dateOf(first.startTime)
}
