import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@vetcita/ui'
import { useMembership } from '../../session/clinic.tsx'
import type { Choice } from './choice.ts'

/** Returns the chosen pet's name: typed by the visitor, or found among the user's pets. */
export function usePetName(choice: Choice): string | undefined {
  const trpc = useTRPC()
  const isMember = useMembership() === 'member'
  const pets = useQuery(
    trpc.pets.list.queryOptions(undefined, { enabled: isMember && choice.pet !== undefined }),
  )
  if (choice.petName !== undefined) return choice.petName
  return pets.data?.find(({ id }) => id === choice.pet)?.name
}
