import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { LiveEvent } from '@vetcita/contracts'
import { askWhoIsSignedIn, backoffDelay, errorCode, property, useTRPC } from '@vetcita/ui'
import { createLiveClient } from '@vetcita/ui/live-client'
import { useEffect, useState } from 'react'
import type { LiveState } from '../../session/live-state.ts'

/** So long a page may take to connect before it is called stale. */
const CONNECT_WITHIN = 4_000

/** What says that the person is no longer of the team: then the page asks who they are, instead of connecting again. */
const NO_LONGER = new Set<string>(['UNAUTHORIZED', 'NOT_A_MEMBER', 'NOT_STAFF'])

/**
 * Keeps a clinic's appointments on screen as they are: what the server tells makes the reads that show those days ask
 * again. A lost connection is sought again for as long as the page is looked at; a page that nobody looks at lets go
 * of its connection, since a browser has few for one address, and catches up when it is back.
 */
export function useLiveCalendar(clinic: string): LiveState {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const client = createLiveClient(clinic)
    const reads: Reads = {
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
      // an ended subscription still reports that it ended
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
          // the connection itself says nothing yet: it is live with the server's first word
          if (connection.state === 'connecting' && connection.error !== null) setState('stale')
        }),
        onData: ifCurrent((event) => {
          clearTimeout(late)
          failures = 0
          setState('live')
          void lookAgain(queryClient, reads, event.data)
        }),
        onError: ifCurrent((error) => {
          if (NO_LONGER.has(errorCode(error))) void askWhoIsSignedIn(queryClient)
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

interface Reads {
  appointments: Filter
  /** Lists of appointments, and what they leave free, of whatever days. */
  lists: readonly Filter[]
}

/**
 * Every read of appointments asks again, or those that show one of the days, or show no days at all. Where the person's
 * own standing changed, the page asks what they are now, and shows what is theirs.
 */
async function lookAgain(
  queryClient: QueryClient,
  { appointments, lists }: Reads,
  event: LiveEvent,
): Promise<void> {
  // what they are is told from `ready` on, and may have changed between the page's first question and that
  if (event.kind !== 'changed') void askWhoIsSignedIn(queryClient)
  if (event.kind === 'standing') return
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
