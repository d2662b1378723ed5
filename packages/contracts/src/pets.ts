import { z } from 'zod'
import { limits } from './limits.ts'
import { id, instant, refusal, requiredText } from './values.ts'

export const pet = z.object({ id, name: z.string(), species: z.string() })

export const createPetInput = z.object({
  name: requiredText(limits.petName),
  species: requiredText(limits.species),
})

export const updatePetInput = z.object({
  petId: id,
  name: requiredText(limits.petName).optional(),
  species: requiredText(limits.species).optional(),
})

export const retirePetInput = z.object({ petId: id })

/** An appointment that a pet still has. */
export const petAppointment = z.object({
  id,
  serviceName: z.string().nullable(),
  startTime: instant,
})

export const petResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), pet }),
  refusal(['PET_NOT_FOUND']),
])

export type Pet = z.infer<typeof pet>
export type PetAppointment = z.infer<typeof petAppointment>
export type PetResult = z.infer<typeof petResult>
