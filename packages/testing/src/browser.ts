import { z } from 'zod'

export const password = 'correct horse battery'

/** A person's browser: its cookies, and the requests that it sends with them. */
export type Browser = {
  /** The signed-in user's id; empty before the first sign-in. */
  readonly id: string
  readonly email: string
  readonly cookie: string
  /** Sends a request with the cookies and keeps those that the response sets. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Makes an account and signs in with it, as the apps do; returns the last of the two responses. */
  signUp(account: { name: string; email: string }): Promise<Response>
  signIn(email: string, secret?: string): Promise<Response>
  signOut(): Promise<Response>
}

const signedIn = z.object({ user: z.object({ id: z.string(), email: z.string() }) })

/** Opens a browser without cookies on the API at that URL. */
export function openBrowser(url: string): Browser {
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
    fetch: send,
    signUp: async (account) => {
      const response = await post('/api/auth/sign-up/email', { ...account, password })
      return response.ok ? signIn(account.email) : response
    },
    signIn,
    signOut: () => post('/api/auth/sign-out', {}),
  }
}
