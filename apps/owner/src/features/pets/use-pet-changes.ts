import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Pet, PetResult } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'

/** A change that succeeded; `what` is also the key of the text that reports it. */
export interface Done {
  what: 'added' | 'saved' | 'retired' | 'restored'
  pet: Pet
}

/**
 * Changes the user's pets and holds the outcome of the last change. The list is refetched after each.
 * @param onDone called after a change has succeeded
 */
export function usePetChanges(onDone: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [done, setDone] = useState<Done | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const options = (what: Done['what']) => ({
    onMutate: () => setProblem(null),
    onSuccess: async (result: PetResult) => {
      await queryClient.invalidateQueries({ queryKey: trpc.pets.list.queryKey() })
      if (!result.success) return setProblem(result)
      setDone({ what, pet: result.pet })
      onDone()
    },
    onError: (error: unknown) => setProblem(error),
  })
  const create = useMutation(trpc.pets.create.mutationOptions(options('added')))
  const update = useMutation(trpc.pets.update.mutationOptions(options('saved')))
  const retire = useMutation(trpc.pets.retire.mutationOptions(options('retired')))
  const restore = useMutation(trpc.pets.restore.mutationOptions(options('restored')))
  return {
    create: create.mutate,
    update: update.mutate,
    retire: retire.mutate,
    restore: restore.mutate,
    isPending: [create, update, retire, restore].some((change) => change.isPending),
    done,
    problem,
    forget: () => {
      setDone(null)
      setProblem(null)
    },
  }
}
