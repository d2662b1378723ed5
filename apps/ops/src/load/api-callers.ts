import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Failure, messageOf } from '../failure.ts'
import { type Answer, type Caller, type Callers, clientAt } from './caller.ts'
import { accountDomain, type LoadClinic } from './clinic.ts'

/** An account that signed up for the load test. */
export type Account = { userId: string; cookie: string }

const signedIn = z.object({ user: z.object({ id: z.string() }) })

/**
 * Signs up accounts and lets them join the clinic. Because the API limits sign-ups per minute, several callers share an
 * account.
 *
 * @throws Failure if the API refuses
 */
export async function makeAccounts(api: string, { tenant }: LoadClinic, count: number): Promise<Account[]> {
  const accounts: Account[] = []
  for (let at = 0; at < count; at += 1) {
    const credentials = { email: `${tenant}.${at}@${accountDomain}`, password: randomUUID() }
    const signedUp = await post(api, '/api/auth/sign-up/email', { name: 'Load test', ...credentials })
    // a sign-up does not sign in, because its answer must not reveal whether the address is known
    const response = signedUp.ok ? await post(api, '/api/auth/sign-in/email', credentials) : signedUp
    if (!response.ok)
      throw new Failure(
        `${api} refused to sign up an account for the load test (${response.status}).`,
        response.status === 429
          ? 'Wait a minute, or use fewer --callers.'
          : response.status === 403
            ? "Call it by the address that its PUBLIC_URL names: it trusts no other page's origin."
            : undefined,
      )
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const { user } = signedIn.parse(await response.json())
    accounts.push({ userId: user.id, cookie })
    const joined = await post(api, '/trpc/clinic.join', {}, { cookie, 'x-clinic': tenant })
    if (!joined.ok) throw new Failure(`The load test's account could not join its clinic (${joined.status}).`)
  }
  return accounts
}

/** Returns callers that use the running API, with the sessions of these accounts. */
export function apiCallers(
  api: string,
  clinic: LoadClinic,
  accounts: readonly Account[],
  count: number,
): Callers {
  const call = async (place: number, procedure: string, input: object): Promise<Answer> => {
    const { userId } = clientAt(clinic, place)
    const cookie = accounts.find((account) => account.userId === userId)?.cookie ?? ''
    try {
      // like the apps, retry with the same key if the answer allows it
      for (let attempt = 1; ; attempt += 1) {
        const response = await post(api, `/trpc/${procedure}`, input, { cookie, 'x-clinic': clinic.tenant })
        const body: unknown = await response.json()
        if (attempt === attempts || !isRetryable(body)) return read(body)
        await sleep(100 * 2 ** attempt * Math.random())
      }
    } catch (error) {
      return { kind: 'error', message: messageOf(error) }
    }
  }
  const caller: Caller = {
    book: (place, vet, start) =>
      call(place, 'appointments.book', {
        petId: clientAt(clinic, place).petId,
        serviceId: clinic.service,
        vetId: vet,
        startTime: start,
        idempotencyKey: randomUUID(),
      }),
    move: (place, appointment, start, expectedVersion) =>
      call(place, 'appointments.reschedule', {
        appointmentId: appointment,
        newStartTime: start,
        ...(expectedVersion === null ? {} : { expectedVersion }),
      }),
    merge: (place, items) => call(place, 'store.mergeCart', { items }),
  }
  return { count, at: () => caller, close: async () => {} }
}

const attempts = 4

const retryable = z.object({ error: z.object({ data: z.object({ retryable: z.literal(true) }) }) })

function isRetryable(body: unknown): boolean {
  return retryable.safeParse(body).success
}

const reply = z.union([
  z.object({
    result: z.object({
      data: z.union([
        z.looseObject({ success: z.literal(true) }),
        z.looseObject({ success: z.literal(false), error: z.string(), message: z.string() }),
      ]),
    }),
  }),
  z.object({ error: z.object({ message: z.string(), data: z.looseObject({ code: z.string() }) }) }),
])

function read(body: unknown): Answer {
  const parsed = reply.parse(body)
  if ('error' in parsed)
    return { kind: 'error', message: `${parsed.error.data.code}: ${parsed.error.message}` }
  const { data } = parsed.result
  return data.success === true
    ? { kind: 'success', data }
    : { kind: 'refused', code: String(data.error), message: String(data.message) }
}

async function post(
  api: string,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  try {
    return await fetch(new URL(path, api), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(api).origin, ...headers },
      body: JSON.stringify(body),
    })
  } catch (error) {
    throw new Failure(`Nothing answers at ${api}: ${messageOf(error)}.`)
  }
}
