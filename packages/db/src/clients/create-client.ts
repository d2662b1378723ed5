import {
  type AddPetErrorCode,
  type AddPetInput,
  type AddPetSuccess,
  addPetErrorCodes,
  type CreateClientErrorCode,
  type CreateClientInput,
  type CreateClientSuccess,
  createClientErrorCodes,
  pet,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

/** At which clinic, and by whom of its staff. */
type Desk = { tenantId: string; performedBy: string }

const clientRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      client_id: z.string(),
      full_name: z.string(),
      phone: z.string().nullable(),
      email: z.string().nullable(),
      has_account: z.boolean(),
      pets: z.array(pet),
      pet_id: z.string().nullable(),
      replayed: z.boolean(),
    }),
    refusal(createClientErrorCodes),
  ]),
})

/**
 * Makes a walk-in client, with a pet where one is given, through `create_client`: both or neither, in one round trip. With
 * a key, the same request again makes nobody new. For staff.
 */
export async function createClient(
  db: Database,
  made: CreateClientInput & Desk,
): Promise<CreateClientSuccess | Refusal<CreateClientErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select create_client(
        ${made.tenantId}::text, ${made.fullName}::text, ${made.phone ?? null}::text, ${made.email ?? null}::text,
        ${made.pet?.name ?? null}::text, ${made.pet?.species ?? null}::text, ${made.performedBy}::uuid,
        ${made.idempotencyKey ?? null}::text
      ) as outcome`,
  )
  const { outcome } = oneRow(clientRow, rows)
  if (!outcome.success) return outcome
  const { client_id, full_name, phone, email, has_account, pets, pet_id, replayed } = outcome
  const client = { id: client_id, fullName: full_name, phone, email, hasAccount: has_account, pets }
  return { success: true, client, petId: pet_id, replayed }
}

const petRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      pet_id: z.string(),
      name: z.string(),
      species: z.string(),
      replayed: z.boolean(),
    }),
    refusal(addPetErrorCodes),
  ]),
})

/** Adds a client's pet through `add_client_pet`, in one round trip; a key does what it does in `createClient`. For staff. */
export async function addClientPet(
  db: Database,
  added: AddPetInput & Desk,
): Promise<AddPetSuccess | Refusal<AddPetErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select add_client_pet(
        ${added.tenantId}::text, ${added.clientId}::uuid, ${added.name}::text, ${added.species}::text,
        ${added.performedBy}::uuid, ${added.idempotencyKey ?? null}::text
      ) as outcome`,
  )
  const { outcome } = oneRow(petRow, rows)
  if (!outcome.success) return outcome
  const { pet_id, name, species, replayed } = outcome
  return { success: true, pet: { id: pet_id, name, species }, replayed }
}
