import { useMutation, useQueryClient } from '@tanstack/react-query'
import { retryLostConnection, useTRPC, useTRPCClient } from '@vetcita/ui'
import { useState } from 'react'
import { useJoin } from '../../session/join.ts'
import { ANY_VET, type Choice } from './choice.ts'

interface BookRequest {
  choice: Choice
  reason: string
}

/** What is being done between the press of the button and the answer. */
export type Stage = 'account' | 'pet' | 'booking'

/**
 * Books what was chosen, once: whatever is lost on the way, the same idempotency key goes out again, and joining the
 * clinic or adding the pet twice makes no second one.
 * @param onPet told the pet's id when a visitor's new pet has become a real one
 */
export function useBook(onPet: (pet: string) => void) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const join = useJoin()
  const [stage, setStage] = useState<Stage>('booking')

  async function petId(choice: Choice): Promise<string> {
    if (choice.pet !== undefined) return choice.pet
    setStage('pet')
    const name = choice.petName ?? ''
    const species = choice.petSpecies ?? 'other'
    const mine = await client.pets.list.query()
    const same = mine.find((pet) => pet.species === species && pet.name.toLowerCase() === name.toLowerCase())
    if (same !== undefined) return same.id
    const made = await client.pets.create.mutate({ name, species })
    if (!made.success) throw new Error(made.message)
    await queryClient.invalidateQueries({ queryKey: trpc.pets.list.queryKey() })
    return made.pet.id
  }

  const book = useMutation({
    ...retryLostConnection,
    mutationFn: async ({ choice, reason }: BookRequest) => {
      setStage('account')
      await join()
      const pet = await petId(choice)
      if (choice.pet === undefined) onPet(pet)
      setStage('booking')
      return client.appointments.book.mutate({
        petId: pet,
        serviceId: choice.service ?? '',
        vetId: choice.with ?? '',
        startTime: choice.time ?? '',
        idempotencyKey: choice.key ?? '',
        anyVet: choice.vet === ANY_VET,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      })
    },
    onSettled: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: trpc.slots.available.queryKey() }),
        queryClient.invalidateQueries({ queryKey: trpc.appointments.mine.pathKey() }),
      ])
    },
  })
  return { ...book, stage }
}
