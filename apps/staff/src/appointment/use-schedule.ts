import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useCallback } from 'react'
import { type LiveState, useLiveState } from '../session/live-state.ts'
import { useStaffSession } from '../session/staff-session.ts'
import { useClinicQuery } from '../session/use-clinic.ts'

/**
 * How often an open screen asks again by itself, in milliseconds. Changes are told over the live connection; this is for
 * when it cannot be had, and for what it may have left out.
 */
const REFRESH_EVERY: Record<LiveState, number> = { live: 30_000, connecting: 30_000, stale: 10_000 }

/** The schedule of what a calendar shows: the day of every vet, or one vet's week. */
export interface Shown {
  view: 'day' | 'week'
  /** The clinic's, undefined for its today. */
  date: string | undefined
  /** Whose week; undefined for one's own, or the first vet's where one is no vet. */
  vetId: string | undefined
}

/**
 * What is on screen, kept fresh while it is there. In a day, who is looking comes first.
 */
export function useSchedule(shown: Shown) {
  const trpc = useTRPC()
  const me = useStaffSession().user.id
  const live = useLiveState()
  const kept = {
    staleTime: 0,
    refetchInterval: REFRESH_EVERY[live],
    refetchOnWindowFocus: 'always' as const,
  }
  const { data: clinic, isFetched } = useClinicQuery()
  const vets = clinic?.vets
  const vetId = shown.vetId ?? vets?.find(({ id }) => id === me)?.id ?? vets?.[0]?.id
  const dated = shown.date === undefined ? {} : { date: shown.date }
  const select = useCallback((result: ScheduleResult) => ownFirst(result, me), [me])
  const day = useQuery(
    trpc.appointments.day.queryOptions(dated, { ...kept, select, enabled: shown.view === 'day' }),
  )
  const week = useQuery(
    trpc.appointments.week.queryOptions(
      { ...dated, vetId: vetId ?? me },
      // a clinic without vets, and one that could not be read, are for the answer to tell
      { ...kept, enabled: shown.view === 'week' && (vetId !== undefined || isFetched) },
    ),
  )
  return shown.view === 'day' ? day : week
}

function ownFirst(result: ScheduleResult, me: string): ScheduleResult {
  const [own, others] = [true, false].map((mine) => result.vets.filter(({ id }) => (id === me) === mine))
  return { ...result, vets: [...(own ?? []), ...(others ?? [])] }
}

/** Reads again whatever an appointment's change may have touched; resolves when the screen shows it. */
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

/** An appointment as the schedule has it now; undefined where it has left those days. */
export function findAppointment(
  schedule: ScheduleResult | undefined,
  id: string | undefined,
): DayAppointment | undefined {
  return schedule?.vets.flatMap(({ appointments }) => appointments).find((one) => one.id === id)
}
