import { useQuery } from '@tanstack/react-query'
import type { Slot } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { addDays, useTRPC } from '@vetcita/ui'

/** How many days after an empty week to search for a free time: with that week, about the API's limit of two months. */
const DAYS_AHEAD = 55

/** What the times are for: a new booking names the service, a move the appointment. */
interface SlotQuery {
  serviceId?: string
  appointmentId?: string
  vetId?: string
}

/**
 * Returns a week's free times as props of the slot picker. Prefetches the following week; if this one is empty, finds
 * the first later day with a free time.
 * @param week the clinic's date of the week's first day
 */
export function useWeekOfSlots(week: string, query: SlotQuery) {
  const trpc = useTRPC()
  const days = (from: string, count: number) =>
    trpc.slots.available.queryOptions({ ...query, from, to: addDays(from, count - 1) }, { select: slotsOf })
  const following = addDays(week, 7)
  const slots = useQuery(days(week, 7))
  const isEmpty = slots.data?.length === 0
  useQuery({ ...days(following, 7), enabled: slots.isSuccess && !isEmpty, notifyOnChangeProps: [] })
  const later = useQuery({ ...days(following, DAYS_AHEAD), enabled: isEmpty })
  return {
    slots: slots.data,
    error: slots.data === undefined ? slots.error : null,
    onRetry: () => void slots.refetch(),
    next: later.data === undefined ? undefined : firstDate(later.data),
  }
}

function firstDate([first]: readonly Slot[]): string | null {
  return first === undefined ? null : dateOf(first.startTime)
}
