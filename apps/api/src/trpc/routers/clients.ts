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
import { clientNotFound, petNotFound, withoutForbidden } from '../outcomes.ts'
import { router, selectedClinic, signedInProcedure, staffProcedure } from '../trpc.ts'

export const clientsRouter = router({
  /** The clinic's clients by name, phone, email or pet, while somebody types. */
  search: staffProcedure
    .input(searchClientsInput)
    .output(searchClientsResult)
    .query(({ ctx, input }) =>
      searchClients(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id, ...input }),
    ),

  /** A client with pets, upcoming and past visits. */
  get: staffProcedure
    .input(clientInput)
    .output(clientResult)
    .query(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const client = await findClient(ctx.db, place, input.clientId)
      return client === null ? clientNotFound : { success: true, client }
    }),

  /** A walk-in client, with a pet on the spot. */
  create: staffProcedure
    .input(createClientInput)
    .output(createClientResult)
    .mutation(async ({ ctx, input }) => {
      const place = { tenantId: ctx.clinic.id, performedBy: ctx.user.id }
      return withoutForbidden(await createClient(ctx.db, { ...input, ...place }))
    }),

  update: staffProcedure
    .input(updateClientInput)
    .output(clientChangeResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const client = await updateClient(ctx.db, place, input)
      return client === null ? clientNotFound : { success: true, client }
    }),

  /** A pet of a client's. */
  addPet: staffProcedure
    .input(addPetInput)
    .output(addPetResult)
    .mutation(async ({ ctx, input }) => {
      const place = { tenantId: ctx.clinic.id, performedBy: ctx.user.id }
      return withoutForbidden(await addClientPet(ctx.db, { ...input, ...place }))
    }),

  updatePet: staffProcedure
    .input(updatePetInput)
    .output(clientPetResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const pet = await updateClientPet(ctx.db, place, input)
      return pet === null ? petNotFound : { success: true, pet }
    }),

  /** Takes a pet out of the lists; its appointments stay. */
  retirePet: staffProcedure
    .input(retirePetInput)
    .output(clientPetResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const pet = await updateClientPet(ctx.db, place, { ...input, retired: true })
      return pet === null ? petNotFound : { success: true, pet }
    }),

  /** Makes a walk-in client's single-use link; one made before ends. */
  invite: staffProcedure
    .input(clientInput)
    .output(inviteClientResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await inviteClient(ctx.db, { ...input, tenantId: ctx.clinic.id, performedBy: ctx.user.id }),
      ),
    ),

  /** What a link holds, for who has opened it. */
  claimOffer: signedInProcedure
    .input(linkInput)
    .output(claimOfferResult)
    .query(async ({ ctx, input }) =>
      withoutForbidden(
        await readClientClaim(ctx.db, { ...input, tenantId: selectedClinic(ctx), userId: ctx.user.id }),
      ),
    ),

  /** Makes the record behind a link one's own. */
  claim: signedInProcedure
    .input(linkInput)
    .output(claimResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await claimClient(ctx.db, { ...input, tenantId: selectedClinic(ctx), userId: ctx.user.id }),
      ),
    ),
})
