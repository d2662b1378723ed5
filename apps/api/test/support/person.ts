import { createTRPCClient, httpBatchLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import { z } from 'zod'
import type { AppRouter } from '../../src/router.ts'

export const password = 'correct horse battery'

/** Somebody with a browser: a cookie jar, and the procedures at a clinic. */
export type Person = {
  /** The user's id; an empty string for who never signed up. */
  readonly id: string
  readonly email: string
  readonly cookie: string
  at(clinic: string): TRPCClient<AppRouter>
  /** The procedures without naming a clinic. */
  nowhere: TRPCClient<AppRouter>
  /** A request of any kind with the cookies; what it sets is kept. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Makes an account and signs in with it, as the apps do; answers as the last of the two calls. */
  signUp(account: { name: string; email: string }): Promise<Response>
  signIn(email: string, secret?: string): Promise<Response>
  signOut(): Promise<Response>
}

const signedIn = z.object({ user: z.object({ id: z.string(), email: z.string() }) })

export function visitor(url: string): Person {
  const cookies = new Map<string, string>()
  let id = ''
  let email = ''
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', cookieHeader())
    if (!headers.has('origin')) headers.set('origin', 'http://localhost:4000')
    const response = await fetch(new URL(path, url), { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const client = (clinic: string | undefined) =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `${url}/trpc`,
          headers: () => ({
            ...(cookies.size > 0 ? { cookie: cookieHeader() } : {}),
            ...(clinic === undefined ? {} : { 'x-clinic': clinic }),
          }),
        }),
      ],
    })
  const post = (path: string, body: unknown) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const signIn = async (address: string, secret = password) => {
    const response = await post('/api/auth/sign-in/email', { email: address, password: secret })
    if (response.ok) {
      const { user } = signedIn.parse(await response.clone().json())
      id = user.id
      email = user.email
    }
    return response
  }

  return {
    get id() {
      return id
    },
    get email() {
      return email
    },
    get cookie() {
      return cookieHeader()
    },
    at: client,
    nowhere: client(undefined),
    fetch: send,
    signUp: async (account) => {
      const response = await post('/api/auth/sign-up/email', { ...account, password })
      return response.ok ? signIn(account.email) : response
    },
    signIn,
    signOut: () => post('/api/auth/sign-out', {}),
  }
}

const details = z.object({
  code: z.string(),
  httpStatus: z.number(),
  reason: z.string().nullable(),
  retryable: z.boolean(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })),
})

export type Failure = z.infer<typeof details> & { message: string }

/** With what a call fails; a call that succeeds fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    const value = await call
    throw new Error(`Expected a failure, got ${JSON.stringify(value)}`)
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    return { ...details.parse(error.data), message: error.message }
  }
}

/** As `CODE` or `CODE reason`, for a table of expectations. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const { code, reason } = await failureOf(call)
  return reason === null ? code : `${code} ${reason}`
}
