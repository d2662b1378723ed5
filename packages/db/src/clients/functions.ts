import {
  addPetErrorCodes,
  claimErrorCodes,
  claimOffer,
  claimSuccess,
  clientSummary,
  createClientErrorCodes,
  id,
  inviteClientErrorCodes,
  inviteClientSuccess,
  pet,
  readLinkErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import { defineFunction } from '../sql/define-function.ts'

const success = z.literal(true)
const replayed = z.boolean()
/** Creates a walk-in client, with a pet if one is named: both or neither. For staff. */
export const createClient = defineFunction({
  name: 'create_client',
  args: {
    fullName: 'text',
    phone: 'text?',
    email: 'text?',
    petName: 'text?',
    petSpecies: 'text?',
    idempotencyKey: 'text?',
  },
  answer: clientSummary
    .omit({ id: true })
    .extend({ success, clientId: id, petId: id.nullable(), replayed })
    .transform(({ success, clientId, petId, replayed, ...client }) => ({
      success,
      client: { id: clientId, ...client },
      petId,
      replayed,
    })),
  codes: createClientErrorCodes,
  repeatable: 'with-key',
})

/** Adds a pet to a client's record. For staff. */
export const addClientPet = defineFunction({
  name: 'add_client_pet',
  args: { clientId: 'uuid', name: 'text', species: 'text', idempotencyKey: 'text?' },
  answer: pet
    .omit({ id: true })
    .extend({ success, petId: id, replayed })
    .transform(({ success, petId, replayed, ...pet }) => ({ success, pet: { id: petId, ...pet }, replayed })),
  codes: addPetErrorCodes,
  repeatable: 'with-key',
})

/** Makes the single-use link by which a walk-in client claims their record, and ends earlier ones. For staff. */
export const inviteClient = defineFunction({
  name: 'invite_client',
  args: { clientId: 'uuid' },
  answer: inviteClientSuccess,
  codes: inviteClientErrorCodes,
})

/** Reads what a link would let the user claim; nothing changes. */
export const readClientClaim = defineFunction({
  name: 'read_client_claim',
  args: { token: 'text' },
  answer: claimOffer,
  codes: readLinkErrorCodes,
})

/**
 * Makes a walk-in client's record the user's own: pets, appointments and cart, all or nothing. The user who has used a
 * link may use it again, which is a replay.
 */
export const claimClient = defineFunction({
  name: 'claim_client',
  args: { token: 'text' },
  answer: claimSuccess,
  codes: claimErrorCodes,
  repeatable: 'always',
})
