import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '@vetcita/ui'
import { useCallback } from 'react'

/** How often an open screen asks for the day again; on returning to it, at once. */
const REFRESH_EVERY = 30_000

/**
 * The clinic's day, kept fresh while it is on screen.
 * @param date the clinic's date, undefined for its today
 */
export function useDay(date: string | undefined) {
  const trpc = useTRPC()
  return useQuery(
    trpc.appointments.day.queryOptions(date === undefined ? {} : { date }, {
      staleTime: 0,
      refetchInterval: REFRESH_EVERY,
      refetchOnWindowFocus: 'always',
    }),
  )
}

/** Reads again whatever an appointment's change may have touched; resolves when the screen shows it. */
export function useRefreshDay(): () => Promise<void> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useCallback(async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.appointments.day.pathFilter()),
      queryClient.invalidateQueries(trpc.slots.available.pathFilter()),
    ])
  }, [queryClient, trpc])
}
