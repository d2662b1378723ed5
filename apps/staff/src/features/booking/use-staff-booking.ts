import { useMutation } from '@tanstack/react-query'
import type { BookResult, BookSuccess, SlotOverride } from '@vetcita/contracts'
import { retryLostConnection, useRequestKey, useTRPC } from '@vetcita/ui'
import { useRef } from 'react'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { problemOf } from '../../components/problem-alert.tsx'
import type { Patient } from './patient.ts'

interface BookingRequest {
  patient: Patient
  serviceId: string
  vetId: string
  /** ISO 8601. */
  startTime: string
  reason: string
  /** The staff have no preference for the vet. */
  anyVet: boolean
  /** The rules that the staff set aside. */
  overrides: SlotOverride[]
}

/** A successful booking and the pet's name. */
export interface Booked {
  pet: string
  result: BookSuccess
}

/**
 * Books an appointment, after creating the client and the pet if they are new. If the time turns out to be taken, the
 * next attempt reuses them. Each of the three calls has an idempotency key, so that a lost answer creates nothing twice.
 */
export function useStaffBooking(onBooked: (booked: Booked) => void) {
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const createClient = useMutation(trpc.clients.create.mutationOptions(retryLostConnection))
  const addPet = useMutation(trpc.clients.addPet.mutationOptions(retryLostConnection))
  const book = useMutation(trpc.appointments.book.mutationOptions(retryLostConnection))
  const created = useRef<{ from: string; petId: string } | null>(null)
  const patientKey = useRequestKey()
  const bookingKey = useRequestKey()

  async function petOf(patient: Patient): Promise<string> {
    if (patient.kind === 'known') return patient.pet.id
    const from = JSON.stringify(patient)
    if (created.current?.from === from) return created.current.petId
    const petId = await createPet(patient)
    created.current = { from, petId }
    return petId
  }

  async function createPet(patient: Exclude<Patient, { kind: 'known' }>): Promise<string> {
    const pet = { name: patient.petName.trim(), species: patient.species }
    if (patient.kind === 'new pet') {
      const input = { clientId: patient.client.id, ...pet }
      const added = await addPet.mutateAsync({ ...input, idempotencyKey: patientKey(input) })
      if (added.success) return added.pet.id
      throw added
    }
    const phone = patient.phone.trim()
    const input = { fullName: patient.fullName.trim(), pet, ...(phone === '' ? {} : { phone }) }
    const result = await createClient.mutateAsync({ ...input, idempotencyKey: patientKey(input) })
    if (!result.success) throw result
    if (result.petId === null) throw new Error('The client was created without the pet')
    return result.petId
  }

  const attempt = useMutation({
    mutationFn: async ({ patient, reason, ...requested }: BookingRequest): Promise<BookResult> => {
      const petId = await petOf(patient)
      const input = { ...requested, petId, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }
      const result = await book.mutateAsync({ ...input, idempotencyKey: bookingKey(input) })
      await refresh()
      return result
    },
    onSuccess: (result, { patient }) => {
      const pet = patient.kind === 'known' ? patient.pet.name : patient.petName.trim()
      if (result.success) onBooked({ pet, result })
    },
  })
  return {
    send: attempt.mutate,
    problem: problemOf(attempt),
    isPending: attempt.isPending,
    reset: attempt.reset,
  }
}
