import { useQuery } from '@tanstack/react-query'
import type { Clinic, ScheduleResult, Vet } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'

/** The query for the clinic with its services and vets. */
export function useClinicQuery() {
  const trpc = useTRPC()
  return useQuery(trpc.clinic.get.queryOptions(undefined, { staleTime: 60_000 }))
}

/** Returns the clinic with its services and vets, or undefined until it is loaded. */
export function useClinic(): Clinic | undefined {
  return useClinicQuery().data
}

/** Returns the clinic's vets, and after them former ones who have appointments in the schedule. */
export function useVets(schedule: ScheduleResult | undefined): readonly Vet[] {
  const vets = useClinic()?.vets ?? []
  const known = new Set(vets.map(({ id }) => id))
  const former = schedule?.vets.filter(({ id }) => !known.has(id)) ?? []
  return [...vets, ...former.map(({ id, fullName }) => ({ id, fullName }))]
}
