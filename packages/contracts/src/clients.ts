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
import { calendarDate, id, idempotencyKey, instant, phone, refusal, requiredText, text } from './values.ts'

const email = z.email().max(limits.email)

/** A client as the staff's lists show one. `hasAccount`: they can sign in already, so there is nothing to claim. */
export const clientSummary = z.object({
  id,
  fullName: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  hasAccount: z.boolean(),
  pets: z.array(pet),
})

export const searchClientsInput = z.object({
  /** The beginnings of words in a name, a phone, an email or a pet's name; without it, all clients. */
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
 * A client with at most `limits.clientVisits` upcoming visits, the soonest first, and as many past ones, the latest first.
 * `link` is the claim that is open, if any. `isStaff`: one of the clinic's staff, who has a pet there; their name and
 * contacts are not changed here.
 */
export const client = clientSummary.extend({
  isStaff: z.boolean(),
  since: calendarDate,
  upcoming: z.array(visit),
  past: z.array(visit),
  link: z.object({ createdAt: instant, expiresAt: instant }).nullable(),
})

export const clientResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), client }),
  refusal(['CLIENT_NOT_FOUND']),
])

/** With a key, sending the request again makes no second client: the answer is the client as they are now. */
export const createClientInput = z.object({
  fullName: requiredText(limits.personName),
  phone: phone.optional(),
  email: email.optional(),
  pet: z.object({ name: requiredText(limits.petName), species: requiredText(limits.species) }).optional(),
  idempotencyKey: idempotencyKey.optional(),
})

/** `petId` is the pet that was created with the client. */
const createClientSuccess = z.object({
  success: z.literal(true),
  client: clientSummary,
  petId: id.nullable(),
  replayed: z.boolean(),
})

export const createClientResult = z.discriminatedUnion('success', [
  createClientSuccess,
  refusal(createClientErrorCodes),
])

/** Changes what is given; null removes a phone or an email. */
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

/** The key works as in `createClientInput`. */
export const addPetInput = z.object({
  clientId: id,
  name: requiredText(limits.petName),
  species: requiredText(limits.species),
  idempotencyKey: idempotencyKey.optional(),
})

const addPetSuccess = z.object({ success: z.literal(true), pet, replayed: z.boolean() })

export const addPetResult = z.discriminatedUnion('success', [addPetSuccess, refusal(addPetErrorCodes)])

export const clientPetResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), pet }),
  refusal(['PET_NOT_FOUND']),
])

/** The token of a single-use link, which `clients.invite` and `settings.invite` return once. */
const linkToken = z.string().regex(/^[0-9a-f]{64}$/)
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

/** What a claim offers, so that people can check that it is theirs before using it. `yours`: they have used it already. */
export const claimOffer = z.object({
  success: z.literal(true),
  clientName: z.string(),
  pets: z.array(z.string()),
  yours: z.boolean(),
})

export const claimOfferResult = z.discriminatedUnion('success', [claimOffer, refusal(readLinkErrorCodes)])

/** How many pets, appointments and cart lines became the user's own. */
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
export type SearchClientsResult = z.infer<typeof searchClientsResult>
export type UpdateClientInput = z.input<typeof updateClientInput>
