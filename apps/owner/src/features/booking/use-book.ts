import { useMutation, useQueryClient } from '@tanstack/react-query'
import { retryLostConnection, useTRPC, useTRPCClient } from '@vetcita/ui'
import { useState } from 'react'
import { useJoin } from '../../session/join.ts'
import type { BookingIntent, Patient } from './choice.ts'

interface BookRequest extends BookingIntent {
  /** What the clinic should know; may be empty. */
  reason: string
  /** Length and price that the page shows. */
  expected: Terms
}

/** How long a service takes, and what it costs. */
export interface Terms {
  durationMinutes: number
  price: number | null
}

/** What happens between the press of the button and the answer. */
export type Stage = 'account' | 'pet' | 'booking'

/**
 * Books an intent once: whatever gets lost on the way, the same idempotency key is sent again, and neither joining the
 * clinic nor adding the pet makes a second one.
 * @param onPet called with the id of a visitor's new pet when it has been made
 */
export function useBook(onPet: (pet: string) => void) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const join = useJoin()
  const [stage, setStage] = useState<Stage>('booking')

  async function petId(patient: Patient): Promise<string> {
    if ('id' in patient) return patient.id
    setStage('pet')
    const { name, species } = patient
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
    mutationFn: async ({
      patient,
      reason,
      expected: { durationMinutes, price },
      ...booking
    }: BookRequest) => {
      setStage('account')
      await join()
      const pet = await petId(patient)
      if (!('id' in patient)) onPet(pet)
      setStage('booking')
      return client.appointments.book.mutate({
        ...booking,
        petId: pet,
        expected: { durationMinutes, ...(price === null ? {} : { price }) },
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      })
    },
    onSettled: async (result) => {
      await Promise.all([
        // what the page shows of the clinic is out of date
        ...(result?.success === false
          ? [queryClient.invalidateQueries({ queryKey: trpc.clinic.get.queryKey() })]
          : []),
        queryClient.invalidateQueries({ queryKey: trpc.slots.available.queryKey() }),
        queryClient.invalidateQueries({ queryKey: trpc.appointments.mine.pathKey() }),
      ])
    },
  })
  return { ...book, stage }
}
