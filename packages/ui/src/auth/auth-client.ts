import { clinicHeader } from '@vetcita/contracts/headers'

/**
 * better-auth's client for e-mail and password; the session itself is an HttpOnly cookie that no script reads. Loaded
 * when somebody signs in, up or out: whoever only looks around does without it.
 * @param clinic the clinic whose pages a mail leads back to
 */
async function authClient(clinic: string | undefined) {
  const { createAuthClient } = await import('better-auth/client')
  // mails are written in the language of the page that asks for them
  const headers: Record<string, string> = { 'accept-language': document.documentElement.lang }
  if (clinic !== undefined) headers[clinicHeader] = clinic
  return createAuthClient({ basePath: '/api/auth', fetchOptions: { headers } })
}

type AuthClient = Awaited<ReturnType<typeof authClient>>

export type AuthFailure =
  | 'credentials'
  | 'link'
  | 'oldPassword'
  | 'weakPassword'
  | 'email'
  | 'tooMany'
  | 'guessed'
  | 'connection'
  | 'unexpected'

export interface SignInValues {
  email: string
  password: string
}

export interface SignUpValues extends SignInValues {
  name: string
}

interface AuthError {
  status: number
  code?: string | undefined
}

const FAILURE_BY_CODE: Readonly<Record<string, AuthFailure>> = {
  INVALID_EMAIL_OR_PASSWORD: 'credentials',
  INVALID_PASSWORD: 'oldPassword',
  INVALID_TOKEN: 'link',
  TOKEN_EXPIRED: 'link',
  USER_NOT_FOUND: 'link',
  PASSWORD_TOO_SHORT: 'weakPassword',
  PASSWORD_TOO_LONG: 'weakPassword',
  INVALID_EMAIL: 'email',
  // too many guesses at this account: the reset by mail leads on, and waiting does
  TOO_MANY_ATTEMPTS: 'guessed',
}

/** Which sentence explains a refusal of better-auth: by its code, then by its HTTP status. */
export function authFailure(error: AuthError): AuthFailure {
  const known = error.code === undefined ? undefined : FAILURE_BY_CODE[error.code]
  if (known !== undefined) return known
  if (error.status === 429) return 'tooMany'
  if (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504) {
    return 'connection'
  }
  return error.status === 401 ? 'credentials' : 'unexpected'
}

async function outcome(
  call: (client: AuthClient) => Promise<{ error: AuthError | null }>,
  clinic?: string,
): Promise<AuthFailure | null> {
  try {
    const { error } = await call(await authClient(clinic))
    return error === null ? null : authFailure(error)
  } catch {
    // fetch and import reject only where no answer came
    return 'connection'
  }
}

/** Signs in; null on success, else why not. */
export function signIn(values: SignInValues): Promise<AuthFailure | null> {
  return outcome((client) => client.signIn.email(values))
}

/**
 * Makes an account and signs in with it. Null on success; `mail` where only the mail that was sent leads on, since the
 * server does not tell a stranger whether an address has an account; else why not.
 */
export async function signUp(values: SignUpValues, clinic: string): Promise<AuthFailure | 'mail' | null> {
  const refused = await outcome((client) => client.signUp.email(values), clinic)
  if (refused !== null) return refused
  const { email, password } = values
  const kept = await signIn({ email, password })
  return kept === 'credentials' ? 'mail' : kept
}

/** In which app somebody forgot their password: the owners' at a clinic, or the clinics' own, where none is known yet. */
export type ResetAsker = { app: 'owner'; clinic: string } | { app: 'staff' }

/**
 * Has a link mailed that sets a new password, after which it leads back to the app that asked. Succeeds for every
 * address, whether or not it has an account.
 */
export function requestReset(email: string, asker: ResetAsker): Promise<AuthFailure | null> {
  return asker.app === 'staff'
    ? outcome((client) => client.requestPasswordReset({ email, redirectTo: '/staff/' }))
    : outcome((client) => client.requestPasswordReset({ email }), asker.clinic)
}

/** Sets a new password by the mailed link's token; every session of the account ends. */
export function resetPassword(token: string, newPassword: string): Promise<AuthFailure | null> {
  return outcome((client) => client.resetPassword({ token, newPassword }))
}

/** Changes the password of who is signed in; every other session of the account ends. */
export function changePassword(
  currentPassword: string,
  newPassword: string,
  clinic: string,
): Promise<AuthFailure | null> {
  return outcome((client) => client.changePassword({ currentPassword, newPassword }), clinic)
}

/** Confirms an address by the mailed link's token; confirming once more is no failure. */
export function confirmEmail(token: string): Promise<AuthFailure | null> {
  return outcome((client) => client.verifyEmail({ query: { token } }))
}

/** Has the link that confirms an address mailed again. */
export function requestConfirmation(email: string, clinic: string): Promise<AuthFailure | null> {
  return outcome((client) => client.sendVerificationEmail({ email }), clinic)
}

/** Ends the session on this device; null on success, else why not. */
export function signOut(): Promise<AuthFailure | null> {
  return outcome((client) => client.signOut())
}
