import {
  addPetInput,
  addPetResult,
  claimOfferResult,
  claimResult,
  clientChangeResult,
  clientInput,
  clientPetResult,
  clientResult,
  createClientInput,
  createClientResult,
  inviteClientResult,
  linkInput,
  retirePetInput,
  searchClientsInput,
  searchClientsResult,
  updateClientInput,
  updatePetInput,
} from '@vetcita/contracts'
import {
  addClientPet,
  claimClient,
  createClient,
  findClient,
  inviteClient,
  readClientClaim,
  searchClients,
  updateClient,
  updateClientPet,
} from '@vetcita/db'
import { callSignedIn, staffCallProcedure } from '../member-procedure.ts'
import { clientNotFound, petNotFound } from '../outcomes.ts'
import { router, signedInProcedure, staffProcedure } from '../trpc.ts'

export const clientsRouter = router({
  /** The clinic's clients that match what is typed of a name, phone, email or pet. */
  search: staffProcedure
    .input(searchClientsInput)
    .output(searchClientsResult)
    .query(({ ctx, input }) => searchClients(ctx.db, ctx.actor, input)),

  /** A client with pets, and upcoming and past visits. */
  get: staffProcedure
    .input(clientInput)
    .output(clientResult)
    .query(async ({ ctx, input }) => {
      const client = await findClient(ctx.db, ctx.actor, input.clientId)
      return client === null ? clientNotFound : { success: true, client }
    }),

  /** Creates a walk-in client, with a pet if one is given. */
  create: staffCallProcedure
    .input(createClientInput)
    .output(createClientResult)
    .mutation(async ({ ctx, input: { pet, ...client } }) => {
      const { outcome } = await ctx.call(createClient, {
        ...client,
        petName: pet?.name,
        petSpecies: pet?.species,
      })
      return outcome
    }),

  update: staffProcedure
    .input(updateClientInput)
    .output(clientChangeResult)
    .mutation(async ({ ctx, input }) => {
      const client = await updateClient(ctx.db, ctx.actor, input)
      return client === null ? clientNotFound : { success: true, client }
    }),

  /** Adds a pet to a client's record. */
  addPet: staffCallProcedure
    .input(addPetInput)
    .output(addPetResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(addClientPet, input)).outcome),

  updatePet: staffProcedure
    .input(updatePetInput)
    .output(clientPetResult)
    .mutation(async ({ ctx, input }) => {
      const pet = await updateClientPet(ctx.db, ctx.actor, input)
      return pet === null ? petNotFound : { success: true, pet }
    }),

  /** Removes a pet from the lists; its appointments stay. */
  retirePet: staffProcedure
    .input(retirePetInput)
    .output(clientPetResult)
    .mutation(async ({ ctx, input }) => {
      const pet = await updateClientPet(ctx.db, ctx.actor, { ...input, retired: true })
      return pet === null ? petNotFound : { success: true, pet }
    }),

  /** Makes the single-use link by which a walk-in client claims their record; an earlier link ends. */
  invite: staffCallProcedure
    .input(clientInput)
    .output(inviteClientResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(inviteClient, input)).outcome),

  /** What a link would let the user claim. */
  claimOffer: signedInProcedure
    .input(linkInput)
    .output(claimOfferResult)
    .query(({ ctx, input }) => callSignedIn(ctx, readClientClaim, input)),

  /** Makes the record behind a link the user's own. */
  claim: signedInProcedure
    .input(linkInput)
    .output(claimResult)
    .mutation(({ ctx, input }) => callSignedIn(ctx, claimClient, input)),
})
