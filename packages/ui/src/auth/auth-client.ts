import { clinicHeader } from '@vetcita/contracts/headers'

/**
 * Loads better-auth's client for email and password on first use: visitors who never sign in do without it. The session
 * itself is an HttpOnly cookie that no script reads.
 * @param clinic the clinic whose pages a mail's link opens
 */
async function authClient(clinic: string | undefined) {
  const { createAuthClient } = await import('better-auth/client')
  // mails are written in the language of the requesting page
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
  // too many guesses at this account: waiting helps, and so does a reset by mail
  TOO_MANY_ATTEMPTS: 'guessed',
}

/** Returns which sentence explains a refusal of better-auth: by its code, else by its HTTP status. */
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
    // fetch and import reject only without an answer
    return 'connection'
  }
}

/** Signs in. Returns null on success, else why not. */
export function signIn(values: SignInValues): Promise<AuthFailure | null> {
  return outcome((client) => client.signIn.email(values))
}

/**
 * Creates an account and signs in. Returns null on success, `mail` if the user has to continue with the mail that was
 * sent (the server does not disclose whether an address has an account), else why not.
 */
export async function signUp(values: SignUpValues, clinic: string): Promise<AuthFailure | 'mail' | null> {
  const refused = await outcome((client) => client.signUp.email(values), clinic)
  if (refused !== null) return refused
  const { email, password } = values
  const failure = await signIn({ email, password })
  return failure === 'credentials' ? 'mail' : failure
}

/** The app from which a reset is requested: the owner app at a clinic, or the staff app, which knows no clinic yet. */
export type ResetOrigin = { app: 'owner'; clinic: string } | { app: 'staff' }

/**
 * Sends a mail whose link sets a new password and then returns to the requesting app. Succeeds for every address,
 * whether or not it has an account.
 */
export function requestReset(email: string, origin: ResetOrigin): Promise<AuthFailure | null> {
  return origin.app === 'staff'
    ? outcome((client) => client.requestPasswordReset({ email, redirectTo: '/staff/' }))
    : outcome((client) => client.requestPasswordReset({ email }), origin.clinic)
}

/** Sets a new password with the token of a mailed link; ends every session of the account. */
export function resetPassword(token: string, newPassword: string): Promise<AuthFailure | null> {
  return outcome((client) => client.resetPassword({ token, newPassword }))
}

/** Changes the signed-in user's password; ends every other session of the account. */
export function changePassword(
  currentPassword: string,
  newPassword: string,
  clinic: string,
): Promise<AuthFailure | null> {
  return outcome((client) => client.changePassword({ currentPassword, newPassword }), clinic)
}

/** Confirms an address with the token of a mailed link; confirming it again succeeds too. */
export function confirmEmail(token: string): Promise<AuthFailure | null> {
  return outcome((client) => client.verifyEmail({ query: { token } }))
}

/** Sends the mail that confirms an address again. */
export function requestConfirmation(email: string, clinic: string): Promise<AuthFailure | null> {
  return outcome((client) => client.sendVerificationEmail({ email }), clinic)
}

/** Ends the session on this device. Returns null on success, else why not. */
export function signOut(): Promise<AuthFailure | null> {
  return outcome((client) => client.signOut())
}
