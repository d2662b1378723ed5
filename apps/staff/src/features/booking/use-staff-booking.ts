import { useMutation } from '@tanstack/react-query'
import type { BookResult, BookSuccess } from '@vetcita/contracts'
import { retryLostConnection, useRequestKey, useTRPC } from '@vetcita/ui'
import { useRef } from 'react'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import type { Patient } from './patient.ts'

export interface Wish {
  patient: Patient
  serviceId: string
  vetId: string
  /** ISO 8601. */
  startTime: string
  reason: string
}

/** A booking that held, and whose it is. */
export interface Booked {
  pet: string
  result: BookSuccess
}

/**
 * Books, after making the client and the pet where they are new. What was made once is not made again when the time
 * turns out taken; each of the three keeps its key, so that a lost answer makes no second client, pet or appointment.
 */
export function useStaffBooking(onBooked: (booked: Booked) => void) {
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const createClient = useMutation(trpc.clients.create.mutationOptions(retryLostConnection))
  const addPet = useMutation(trpc.clients.addPet.mutationOptions(retryLostConnection))
  const book = useMutation(trpc.appointments.book.mutationOptions(retryLostConnection))
  const made = useRef<{ from: string; petId: string } | null>(null)
  const patientKey = useRequestKey()
  const bookingKey = useRequestKey()

  async function petOf(patient: Patient): Promise<string> {
    if (patient.kind === 'known') return patient.pet.id
    const from = JSON.stringify(patient)
    if (made.current?.from === from) return made.current.petId
    const petId = await makePet(patient)
    made.current = { from, petId }
    return petId
  }

  async function makePet(patient: Exclude<Patient, { kind: 'known' }>): Promise<string> {
    const pet = { name: patient.petName.trim(), species: patient.species }
    if (patient.kind === 'new pet') {
      const input = { clientId: patient.client.id, ...pet }
      const added = await addPet.mutateAsync({ ...input, idempotencyKey: patientKey(input) })
      if (added.success) return added.pet.id
      throw added
    }
    const phone = patient.phone.trim()
    const input = { fullName: patient.fullName.trim(), pet, ...(phone === '' ? {} : { phone }) }
    const made = await createClient.mutateAsync({ ...input, idempotencyKey: patientKey(input) })
    if (!made.success) throw made
    if (made.petId === null) throw new Error('A client was made without the pet')
    return made.petId
  }

  const attempt = useMutation({
    mutationFn: async ({ patient, reason, ...wish }: Wish): Promise<BookResult> => {
      const petId = await petOf(patient)
      const input = { ...wish, petId, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }
      const result = await book.mutateAsync({ ...input, idempotencyKey: bookingKey(input) })
      await refresh()
      return result
    },
    onSuccess: (result, { patient }) => {
      const pet = patient.kind === 'known' ? patient.pet.name : patient.petName.trim()
      if (result.success) onBooked({ pet, result })
    },
  })
  const refusal = attempt.data?.success === false ? attempt.data : null
  return {
    send: attempt.mutate,
    problem: refusal ?? attempt.error,
    isPending: attempt.isPending,
    forget: attempt.reset,
  }
}
