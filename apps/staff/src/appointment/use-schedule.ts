import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useCallback } from 'react'
import { type LiveState, useLiveState } from '../session/live-state.ts'
import { useStaffSession } from '../session/staff-session.ts'
import { useClinicQuery } from '../session/use-clinic.ts'

/**
 * Milliseconds between refetches. The live connection reports changes; polling covers its absence, and events that it
 * may have missed.
 */
const REFETCH_INTERVAL: Record<LiveState, number> = { live: 30_000, connecting: 30_000, stale: 10_000 }

/** What a calendar shows: one day of all vets, or one vet's week. */
export interface ScheduleRange {
  view: 'day' | 'week'
  /** The clinic's date; undefined for its today. */
  date: string | undefined
  /** The vet of a week; undefined for the signed-in vet, or else the first one. */
  vetId: string | undefined
}

/** The schedule to show, kept fresh while it is mounted. In a day the signed-in vet comes first. */
export function useSchedule(range: ScheduleRange) {
  const trpc = useTRPC()
  const me = useStaffSession().user.id
  const live = useLiveState()
  const freshness = {
    staleTime: 0,
    refetchInterval: REFETCH_INTERVAL[live],
    refetchOnWindowFocus: 'always' as const,
  }
  const { data: clinic, isFetched } = useClinicQuery()
  const vets = clinic?.vets
  const vetId = range.vetId ?? vets?.find(({ id }) => id === me)?.id ?? vets?.[0]?.id
  const dated = range.date === undefined ? {} : { date: range.date }
  const select = useCallback((result: ScheduleResult) => ownFirst(result, me), [me])
  const day = useQuery(
    trpc.appointments.day.queryOptions(dated, { ...freshness, select, enabled: range.view === 'day' }),
  )
  const week = useQuery(
    trpc.appointments.week.queryOptions(
      { ...dated, vetId: vetId ?? me },
      // without vets, or if the clinic could not be loaded, the server's answer explains it
      { ...freshness, enabled: range.view === 'week' && (vetId !== undefined || isFetched) },
    ),
  )
  return range.view === 'day' ? day : week
}

function ownFirst(result: ScheduleResult, me: string): ScheduleResult {
  const [own, others] = [true, false].map((mine) => result.vets.filter(({ id }) => (id === me) === mine))
  return { ...result, vets: [...(own ?? []), ...(others ?? [])] }
}

/** Returns a function that refetches all that a change of an appointment may affect, and resolves when that is done. */
export function useRefreshSchedule(): () => Promise<void> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useCallback(async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.appointments.pathFilter()),
      queryClient.invalidateQueries(trpc.slots.available.pathFilter()),
      queryClient.invalidateQueries(trpc.settings.timeOff.pathFilter()),
      queryClient.invalidateQueries(trpc.clients.get.pathFilter()),
    ])
  }, [queryClient, trpc])
}

/** Returns an appointment as the schedule has it now, or undefined if it has left these days. */
export function findAppointment(
  schedule: ScheduleResult | undefined,
  id: string | undefined,
): DayAppointment | undefined {
  return schedule?.vets.flatMap(({ appointments }) => appointments).find((one) => one.id === id)
}
