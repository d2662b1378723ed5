import {
  createPetInput,
  pet,
  petAppointment,
  petResult,
  retirePetInput,
  updatePetInput,
} from '@vetcita/contracts'
import { createPet, petsOf, restorePet, retirePet, upcomingOf, updatePet } from '@vetcita/db'
import { z } from 'zod'
import { petNotFound } from '../outcomes.ts'
import { ownerProcedure, router } from '../trpc.ts'

export const petsRouter = router({
  /** One's own pets at this clinic. */
  list: ownerProcedure
    .output(z.array(pet))
    .query(({ ctx }) => petsOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id })),

  create: ownerProcedure
    .input(createPetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      return { success: true, pet: await createPet(ctx.db, place, input) }
    }),

  update: ownerProcedure
    .input(updatePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const updated = await updatePet(ctx.db, place, input)
      return updated === null ? petNotFound : { success: true, pet: updated }
    }),

  /** Takes a pet out of the lists; its appointments stay, and stay its owner's to move and cancel. */
  retire: ownerProcedure
    .input(retirePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const retired = await retirePet(ctx.db, place, input.petId)
      return retired === null ? petNotFound : { success: true, pet: retired }
    }),

  /** Puts a retired pet back into the lists. */
  restore: ownerProcedure
    .input(retirePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const restored = await restorePet(ctx.db, place, input.petId)
      return restored === null ? petNotFound : { success: true, pet: restored }
    }),

  /** A pet's coming appointments, to be told before it is retired; none for a pet that is not one's own. */
  upcoming: ownerProcedure
    .input(retirePetInput)
    .output(z.array(petAppointment))
    .query(({ ctx, input }) =>
      upcomingOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id }, input.petId),
    ),
})
