import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { LiveEvent } from '@vetcita/contracts'
import { backoffDelay, errorCode, property, refetchSession, useTRPC } from '@vetcita/ui'
import { createLiveClient } from '@vetcita/ui/api/live-client'
import { type ReactNode, useEffect, useState } from 'react'
import { LiveContext, type LiveState } from './live-state.ts'

/** Milliseconds that a page may take to connect before it counts as stale. */
const CONNECT_WITHIN = 4_000

/** Errors of users who are no longer staff. The page then checks who is signed in before it connects again. */
const NO_LONGER_STAFF = new Set<string>(['UNAUTHORIZED', 'NOT_A_MEMBER', 'NOT_STAFF'])

/** Keeps one live connection for all of a clinic's pages. */
export function LiveProvider({ clinic, children }: { clinic: string; children: ReactNode }) {
  return <LiveContext value={useLiveCalendar(clinic)}>{children}</LiveContext>
}

/**
 * Refetches queries when the server reports a change to the days that they show. A lost connection is retried while the
 * page is visible. A hidden page closes its connection, because browsers allow only a few per host, and catches up when
 * it is visible again.
 */
function useLiveCalendar(clinic: string): LiveState {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const client = createLiveClient(clinic)
    const queries: LiveQueries = {
      appointments: trpc.appointments.pathFilter(),
      lists: [
        trpc.settings.timeOff.pathFilter(),
        trpc.clients.get.pathFilter(),
        trpc.slots.available.pathFilter(),
      ],
    }
    let subscription: { unsubscribe: () => void } | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    let failures = 0

    const connect = () => {
      disconnect()
      // an ended subscription still calls back to report its end
      let isCurrent = true
      const ifCurrent =
        <Args extends unknown[]>(react: (...args: Args) => void) =>
        (...args: Args) => {
          if (isCurrent) react(...args)
        }
      const late = setTimeout(() => setState('stale'), CONNECT_WITHIN)
      const again = ifCurrent(() => {
        disconnect()
        setState('stale')
        retry = setTimeout(connect, backoffDelay(failures))
        failures += 1
      })
      const current = client.live.calendar.subscribe(undefined, {
        onConnectionStateChange: ifCurrent((connection) => {
          // being connected is not enough: the page is live with the first event
          if (connection.state === 'connecting' && connection.error !== null) setState('stale')
        }),
        onData: ifCurrent((event) => {
          clearTimeout(late)
          failures = 0
          setState('live')
          void refetch(queryClient, queries, event.data)
        }),
        onError: ifCurrent((error) => {
          if (NO_LONGER_STAFF.has(errorCode(error))) void refetchSession(queryClient)
          again()
        }),
        onComplete: again,
      })
      subscription = {
        unsubscribe: () => {
          isCurrent = false
          clearTimeout(late)
          current.unsubscribe()
        },
      }
    }
    const disconnect = () => {
      clearTimeout(retry)
      subscription?.unsubscribe()
      subscription = undefined
    }
    const onVisibility = () => (document.visibilityState === 'hidden' ? disconnect() : connect())

    if (document.visibilityState !== 'hidden') connect()
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', connect)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      window.removeEventListener('online', connect)
      disconnect()
    }
  }, [clinic, trpc, queryClient])
  return state
}

type Filter = NonNullable<Parameters<QueryClient['invalidateQueries']>[0]>

interface LiveQueries {
  appointments: Filter
  /** Lists of appointments and free slots that do not say which days they show. */
  lists: readonly Filter[]
}

/**
 * Refetches what an event may have changed: all appointments when the connection is ready, else those on the event's
 * days and those whose days are unknown. If the user's own membership changed, checks what they are now.
 */
async function refetch(
  queryClient: QueryClient,
  { appointments, lists }: LiveQueries,
  event: LiveEvent,
): Promise<void> {
  // changes of the membership are reported from `ready` on; one may have come before, after the page's first check
  if (event.kind !== 'changed') void refetchSession(queryClient)
  if (event.kind === 'membership') return
  const dates = event.kind === 'ready' ? null : new Set<unknown>(event.dates)
  const shown: Filter =
    dates === null
      ? appointments
      : {
          ...appointments,
          predicate: ({ state }) => daysOf(state.data)?.some((date) => dates.has(date)) ?? true,
        }
  await Promise.all([shown, ...lists].map((filter) => queryClient.invalidateQueries(filter)))
}

function daysOf(data: unknown): readonly unknown[] | undefined {
  const days = property(data, 'days')
  return Array.isArray(days) ? days.map((day) => property(day, 'date')) : undefined
}
