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
  /** The user's own pets at this clinic. */
  list: ownerProcedure.output(z.array(pet)).query(({ ctx }) => petsOf(ctx.db, ctx.actor)),

  create: ownerProcedure
    .input(createPetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      return { success: true, pet: await createPet(ctx.db, ctx.actor, input) }
    }),

  update: ownerProcedure
    .input(updatePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const updated = await updatePet(ctx.db, ctx.actor, input)
      return updated === null ? petNotFound : { success: true, pet: updated }
    }),

  /** Removes a pet from the lists; the user can still move and cancel its appointments. */
  retire: ownerProcedure
    .input(retirePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const retired = await retirePet(ctx.db, ctx.actor, input.petId)
      return retired === null ? petNotFound : { success: true, pet: retired }
    }),

  /** Puts a retired pet back into the lists. */
  restore: ownerProcedure
    .input(retirePetInput)
    .output(petResult)
    .mutation(async ({ ctx, input }) => {
      const restored = await restorePet(ctx.db, ctx.actor, input.petId)
      return restored === null ? petNotFound : { success: true, pet: restored }
    }),

  /** A pet's coming appointments, shown before it is retired; none for a pet that is not the user's own. */
  upcoming: ownerProcedure
    .input(retirePetInput)
    .output(z.array(petAppointment))
    .query(({ ctx, input }) => upcomingOf(ctx.db, ctx.actor, input.petId)),
})
