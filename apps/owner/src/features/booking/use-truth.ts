import { useQuery } from '@tanstack/react-query'
import type { AppointmentView } from '@vetcita/contracts'
import { backoffDelay, errorCode, isRetryable, useTRPC, useTRPCClient } from '@vetcita/ui'
import type { Choice } from './choice.ts'

/** Milliseconds between not finding it and looking once more: the last request may still have been on its way. */
const SECOND_LOOK = 2000

/**
 * Whether a booking whose answers all got lost is there: looks among the person's own appointments, for as long as it
 * takes to get an answer. It only reads; nothing is booked behind anybody's back. `data` is the appointment, or null
 * where there is none.
 * @param attempt which attempt nobody knows the end of, null while there is none: each is looked for anew
 */
export function useTruth(choice: Choice, attempt: number | null) {
  const trpc = useTRPC()
  const client = useTRPCClient()

  async function find(signal: AbortSignal): Promise<AppointmentView | null> {
    const start = Date.parse(choice.time ?? '')
    let cursor: string | undefined
    do {
      const page = await client.appointments.mine.query(
        { when: 'upcoming', limit: 100, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      )
      const found = page.items.find(
        ({ startTime, vet }) => Date.parse(startTime) === start && vet.id === choice.with,
      )
      if (found !== undefined) return found
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return null
  }

  return useQuery({
    queryKey: [...trpc.appointments.mine.pathKey(), 'truth', choice.key, attempt],
    enabled: attempt !== null,
    queryFn: async ({ signal }) => {
      try {
        const found = await find(signal)
        if (found !== null) return found
        await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK))
        return await find(signal)
      } catch (error) {
        // who is no client of the clinic yet has booked nothing there
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
