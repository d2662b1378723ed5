import { useQuery } from '@tanstack/react-query'
import type { AppointmentView } from '@vetcita/contracts'
import { backoffDelay, errorCode, isRetryable, useTRPC, useTRPCClient } from '@vetcita/ui'
import type { BookingIntent } from './choice.ts'

/** Milliseconds between not finding it and looking once more: the last request may still have been on its way. */
const SECOND_LOOK = 2000

/**
 * Finds out whether a booking whose answers all got lost was made: looks among the user's own appointments for as long
 * as it takes to get an answer. It only reads. `data` is the appointment, or null if there is none.
 * @param attempt identifies the attempt without an outcome, null for none; each is looked for anew
 */
export function useBookingLookup(intent: BookingIntent, attempt: number | null) {
  const trpc = useTRPC()
  const client = useTRPCClient()

  async function find(signal: AbortSignal): Promise<AppointmentView | null> {
    const start = Date.parse(intent.startTime)
    let cursor: string | undefined
    do {
      const page = await client.appointments.mine.query(
        { when: 'upcoming', limit: 100, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      )
      const found = page.items.find(
        ({ startTime, vet }) => Date.parse(startTime) === start && vet.id === intent.vetId,
      )
      if (found !== undefined) return found
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return null
  }

  return useQuery({
    queryKey: [...trpc.appointments.mine.pathKey(), 'lookup', intent.idempotencyKey, attempt],
    enabled: attempt !== null,
    queryFn: async ({ signal }) => {
      try {
        const found = await find(signal)
        if (found !== null) return found
        await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK))
        return await find(signal)
      } catch (error) {
        // a user who is not a client of the clinic yet has booked nothing there
        if (errorCode(error) === 'NOT_A_MEMBER') return null
        throw error
      }
    },
    networkMode: 'always',
    retry: (_failures, error) => isRetryable(error),
    retryDelay: (failures) => backoffDelay(failures),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
}
