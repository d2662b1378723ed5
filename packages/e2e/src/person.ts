import { randomBytes } from 'node:crypto'
import type { APIRequestContext } from '@playwright/test'
import { clinicHeader, type Role } from '@vetcita/contracts'
import { z } from 'zod'
import type { Clinic } from './clinic.ts'

export const password = 'una-clave-larga'

/** A user whose session is in the cookies of `request`, which belongs to a browser context or has no browser. */
export type Person = { id: string; name: string; email: string; request: APIRequestContext }

const signedIn = z.object({ user: z.object({ id: z.string() }) })

/** Returns an unused e-mail address. */
export function newEmail(): string {
  return `e2e.${randomBytes(6).toString('hex')}@example.com`
}

/** Makes an account and signs in through the session endpoints, without opening a page. */
export async function signUp(request: APIRequestContext, name: string): Promise<Person> {
  const email = newEmail()
  const response = await request.post('/api/auth/sign-up/email', { data: { name, email, password } })
  if (!response.ok()) throw new Error(`sign-up answered ${response.status()}: ${await response.text()}`)
  return { id: await signIn(request, email, password), name, email, request }
}

/** Signs up as {@link signUp} does, and adds a profile with that role at the clinic. */
export async function signUpAt(
  clinic: Clinic,
  request: APIRequestContext,
  name: string,
  role: Role,
): Promise<Person> {
  const person = await signUp(request, name)
  await clinic.addProfile(person.id, role, name, '+595 981 555 000')
  return person
}

/** Signs in with an existing account, such as one of the demo; returns the user's id. */
export async function signIn(request: APIRequestContext, email: string, secret: string): Promise<string> {
  const response = await request.post('/api/auth/sign-in/email', { data: { email, password: secret } })
  if (!response.ok()) throw new Error(`sign-in answered ${response.status()}: ${await response.text()}`)
  return signedIn.parse(await response.json()).user.id
}

const answer = z.object({ result: z.object({ data: z.looseObject({ success: z.boolean() }) }) })

/**
 * Calls one of the API's mutations, as another device of that user, which must succeed.
 *
 * @param path such as `appointments.book`
 */
export async function call(person: Person, clinic: Clinic, path: string, input: object): Promise<void> {
  const response = await person.request.post(`/trpc/${path}`, {
    data: input,
    headers: { [clinicHeader]: clinic.id },
  })
  const body = await response.text()
  const parsed = answer.safeParse(JSON.parse(body))
  if (!parsed.success || !parsed.data.result.data.success) throw new Error(`${path} answered ${body}`)
}
