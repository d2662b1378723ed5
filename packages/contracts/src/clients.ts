import { z } from 'zod'
import { appointmentStatus } from './appointments.ts'
import {
  addPetErrorCodes,
  claimErrorCodes,
  createClientErrorCodes,
  inviteClientErrorCodes,
  readLinkErrorCodes,
} from './codes.ts'
import { limits } from './limits.ts'
import { pet } from './pets.ts'
import { id, idempotencyKey, instant, localDate, phone, refusal, requiredText, text } from './values.ts'

const email = z.email().max(limits.email)

/** A client as the staff's lists show one. `hasAccount`: they sign in themselves, a link would be of no use. */
export const clientSummary = z.object({
  id,
  fullName: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  hasAccount: z.boolean(),
  pets: z.array(pet),
})

export const searchClientsInput = z.object({
  /** Words of a name, a phone, an email or a pet's name, as far as they are typed; without it all clients. */
  text: text(limits.searchText).optional(),
  limit: z.int().min(1).max(100).default(20),
  offset: z.int().min(0).max(1_000_000).default(0),
})

/** By name, those first whose name begins with the text. */
export const searchClientsResult = z.object({ clients: z.array(clientSummary), hasMore: z.boolean() })

export const clientInput = z.object({ clientId: id })

/** An appointment of one of a client's pets. */
export const visit = z.object({
  id,
  status: appointmentStatus,
  version: z.int(),
  startTime: instant,
  pet: z.object({ id, name: z.string() }),
  service: z.object({ name: z.string().nullable() }),
  vet: z.object({ id, fullName: z.string().nullable() }),
  reason: z.string().nullable(),
  notes: z.string().nullable(),
})

/**
 * Upcoming visits the soonest first, past ones the latest first, at most `limits.clientVisits` each; `link` is the open one, if
 * any. `isStaff`: one of the clinic's staff who has a pet there; who they are is kept with the staff.
 */
export const client = clientSummary.extend({
  isStaff: z.boolean(),
  since: localDate,
  upcoming: z.array(visit),
  past: z.array(visit),
  link: z.object({ createdAt: instant, expiresAt: instant }).nullable(),
})

export const clientResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), client }),
  refusal(['CLIENT_NOT_FOUND']),
])

/** With a key, the same request sent again makes nobody new: it answers with the client as they are by then. */
export const createClientInput = z.object({
  fullName: requiredText(limits.personName),
  phone: phone.optional(),
  email: email.optional(),
  pet: z.object({ name: requiredText(limits.petName), species: requiredText(limits.species) }).optional(),
  idempotencyKey: idempotencyKey.optional(),
})

/** `petId` is the pet that was made with the client. */
export const createClientSuccess = z.object({
  success: z.literal(true),
  client: clientSummary,
  petId: id.nullable(),
  replayed: z.boolean(),
})

export const createClientResult = z.discriminatedUnion('success', [
  createClientSuccess,
  refusal(createClientErrorCodes),
])

/** Changes what is given; null takes a phone or an email away. */
export const updateClientInput = z.object({
  clientId: id,
  fullName: requiredText(limits.personName).optional(),
  phone: phone.nullable().optional(),
  email: email.nullable().optional(),
})

export const clientChangeResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), client: clientSummary }),
  refusal(['CLIENT_NOT_FOUND']),
])

/** A key does what it does in `createClientInput`. */
export const addPetInput = z.object({
  clientId: id,
  name: requiredText(limits.petName),
  species: requiredText(limits.species),
  idempotencyKey: idempotencyKey.optional(),
})

export const addPetSuccess = z.object({ success: z.literal(true), pet, replayed: z.boolean() })

export const addPetResult = z.discriminatedUnion('success', [addPetSuccess, refusal(addPetErrorCodes)])

export const clientPetResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), pet }),
  refusal(['PET_NOT_FOUND']),
])

/** The token of a single-use link: what `clients.invite` and `settings.invite` tell once. */
export const linkToken = z.string().regex(/^[0-9a-f]{64}$/)
export const linkInput = z.object({ token: text(200) })

export const inviteClientSuccess = z.object({
  success: z.literal(true),
  clientId: id,
  token: linkToken,
  expiresAt: instant,
})

export const inviteClientResult = z.discriminatedUnion('success', [
  inviteClientSuccess,
  refusal(inviteClientErrorCodes),
])

/** What a link holds, so that a person can say "that is me" before using it. `yours`: they have used it already. */
export const claimOffer = z.object({
  success: z.literal(true),
  clientName: z.string(),
  pets: z.array(z.string()),
  yours: z.boolean(),
})

export const claimOfferResult = z.discriminatedUnion('success', [claimOffer, refusal(readLinkErrorCodes)])

/** How many pets, appointments and lines of a cart became the person's own. */
export const claimSuccess = z.object({
  success: z.literal(true),
  pets: z.int(),
  appointments: z.int(),
  items: z.int(),
  replayed: z.boolean(),
})

export const claimResult = z.discriminatedUnion('success', [claimSuccess, refusal(claimErrorCodes)])

export type ClientSummary = z.infer<typeof clientSummary>
export type Client = z.infer<typeof client>
export type Visit = z.infer<typeof visit>
export type SearchClientsInput = z.input<typeof searchClientsInput>
export type SearchClientsResult = z.infer<typeof searchClientsResult>
export type CreateClientInput = z.input<typeof createClientInput>
export type CreateClientSuccess = z.infer<typeof createClientSuccess>
export type UpdateClientInput = z.input<typeof updateClientInput>
export type AddPetInput = z.input<typeof addPetInput>
export type AddPetSuccess = z.infer<typeof addPetSuccess>
export type InviteClientSuccess = z.infer<typeof inviteClientSuccess>
export type ClaimOffer = z.infer<typeof claimOffer>
export type ClaimSuccess = z.infer<typeof claimSuccess>
