import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@vetcita/ui'
import { useMembership } from '../../session/clinic.tsx'
import type { Choice } from './choice.ts'

/** Returns the chosen pet: described by the visitor, or found among the user's pets; undefined while unknown. */
export function usePet(choice: Choice): { name: string; species: string } | undefined {
  const trpc = useTRPC()
  const isMember = useMembership() === 'member'
  const pets = useQuery(
    trpc.pets.list.queryOptions(undefined, { enabled: isMember && choice.pet !== undefined }),
  )
  if (choice.petName !== undefined) return { name: choice.petName, species: choice.petSpecies ?? 'other' }
  return pets.data?.find(({ id }) => id === choice.pet)
}
