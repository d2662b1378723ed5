import { useQuery } from '@tanstack/react-query'
import type { Clinic, ScheduleResult, Vet } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'

/** The reading of the clinic with its services and vets. */
export function useClinicQuery() {
  const trpc = useTRPC()
  return useQuery(trpc.clinic.get.queryOptions(undefined, { staleTime: 60_000 }))
}

/** The clinic with its services and vets; undefined until it is known. */
export function useClinic(): Clinic | undefined {
  return useClinicQuery().data
}

/** Everybody who may get an appointment, and who has some of those shown. */
export function useVets(schedule: ScheduleResult | undefined): readonly Vet[] {
  const vets = useClinic()?.vets ?? []
  const known = new Set(vets.map(({ id }) => id))
  const others = schedule?.vets.filter(({ id }) => !known.has(id)) ?? []
  return [...vets, ...others.map(({ id, fullName }) => ({ id, fullName }))]
}
