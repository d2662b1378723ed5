import pg from 'pg'
import { z } from 'zod'

/** The JSON that a function returns; the keys besides `success` depend on the function. */
const outcomeSchema = z.looseObject({
  success: z.boolean(),
  error: z.string().optional(),
  message: z.string().optional(),
})
export type Outcome = z.infer<typeof outcomeSchema>

/** A caller as PostgREST sets it: the role, and the claims as the request holds them, well-formed or not. */
export type Caller = { role?: string; claims?: string }

/** Returns a signed-in user as a caller. */
export function user(id: string): Caller {
  return { role: 'authenticated', claims: JSON.stringify({ sub: id, role: 'authenticated' }) }
}

/** A trusted backend, whose id arguments the functions believe. */
export const backend: Caller = { role: 'service_role' }

export const visitor: Caller = { role: 'anon', claims: JSON.stringify({ role: 'anon' }) }

export type Argument =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | Readonly<Record<string, unknown>>

/** Returns a call with named arguments as SQL text, so that it can share a round trip with the statements before it. */
export function callText(name: string, args: Readonly<Record<string, Argument | undefined>>): string {
  const list = Object.entries(args).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} => ${literal(value)}`],
  )
  return `${name}(${list.join(', ')})`
}

function literal(value: Argument): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return pg.escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Returns the statement that makes the rest of the transaction run as this caller. */
export function becomeText(caller: Caller): string {
  return `select set_config('request.jwt.claims', ${pg.escapeLiteral(caller.claims ?? '')}, true),
    set_config('role', ${pg.escapeLiteral(caller.role ?? 'none')}, true)`
}

/** Calls a function in a transaction of its own, in one round trip, as that caller; as the connected user if null. */
export async function call(
  client: pg.Client,
  caller: Caller | null,
  name: string,
  args: Readonly<Record<string, Argument | undefined>>,
): Promise<Outcome> {
  return outcomeOf(
    client,
    `${caller ? `${becomeText(caller)};` : ''} select ${callText(name, args)} as outcome`,
  )
}

/** Runs several statements as one text and returns the outcome of the last. */
export async function outcomeOf(client: pg.Client, text: string): Promise<Outcome> {
  const results: unknown = await client.query(text)
  const last: unknown = Array.isArray(results) ? results.at(-1) : results
  const { rows } = z.object({ rows: z.tuple([z.object({ outcome: outcomeSchema })]) }).parse(last)
  return rows[0].outcome
}

/** Returns an outcome's error code, or `replayed` or `success`. */
export function codeOf(outcome: Outcome): string {
  if (!outcome.success) return outcome.error ?? 'no code'
  return outcome.replayed === true ? 'replayed' : 'success'
}

/** Returns the text that an outcome must hold under this key. */
export function textOf(outcome: Outcome, key: string): string {
  return z.string().parse(outcome[key], { error: () => `no ${key} in ${JSON.stringify(outcome)}` })
}

export type BookArguments = {
  p_tenant_id: string | null
  p_pet_id: string | null
  p_service_id: string | null
  p_vet_id: string | null
  p_start_time: string | null
  p_duration_minutes?: number | null
  p_reason?: string | null
  p_notes?: string | null
  p_booked_by?: string | null
  p_idempotency_key?: string | null
  /** As PostgreSQL writes an array: `{pet_busy,closed}`. */
  p_overrides?: string | null
  p_expected?: Readonly<Record<string, unknown>> | null
}

export const book = (client: pg.Client, caller: Caller | null, args: BookArguments) =>
  call(client, caller, 'book_appointment_atomic', args)

export type RescheduleArguments = {
  p_appointment_id: string | null
  p_new_start_time: string | null
  p_performed_by: string | null
  p_is_staff?: boolean | null
  p_new_vet_id?: string | null
  p_expected_version?: number | null
  p_overrides?: string | null
}

export const reschedule = (client: pg.Client, caller: Caller | null, args: RescheduleArguments) =>
  call(client, caller, 'reschedule_appointment_atomic', args)

export type StatusArguments = {
  p_appointment_id: string | null
  p_new_status: string | null
  p_performed_by: string | null
  p_is_staff?: boolean | null
  p_reason?: string | null
  p_expected_version?: number | null
}

export const changeStatus = (client: pg.Client, caller: Caller | null, args: StatusArguments) =>
  call(client, caller, 'change_appointment_status_atomic', args)

export type MergeArguments = {
  p_customer_id: string | null
  p_tenant_id: string | null
  p_new_items: readonly unknown[] | Readonly<Record<string, unknown>> | string | null
}

export const mergeCart = (client: pg.Client, caller: Caller | null, args: MergeArguments) =>
  call(client, caller, 'merge_cart_atomic', args)

export type SetItemArguments = {
  p_customer_id: string | null
  p_tenant_id: string | null
  p_type: string | null
  p_id: string | null
  p_quantity: number | null
  p_mode?: string | null
}

export const setCartItem = (client: pg.Client, caller: Caller | null, args: SetItemArguments) =>
  call(client, caller, 'set_cart_item_atomic', args)
