/**
 * better-auth's client for e-mail and password; the session itself is an HttpOnly cookie that no script reads. Loaded
 * when somebody signs in, up or out: whoever only looks around does without it.
 */
async function authClient() {
  const { createAuthClient } = await import('better-auth/client')
  return createAuthClient({ basePath: '/api/auth' })
}

type AuthClient = Awaited<ReturnType<typeof authClient>>

export type AuthFailure =
  | 'credentials'
  | 'exists'
  | 'weakPassword'
  | 'email'
  | 'tooMany'
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
  USER_ALREADY_EXISTS: 'exists',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'exists',
  PASSWORD_TOO_SHORT: 'weakPassword',
  PASSWORD_TOO_LONG: 'weakPassword',
  INVALID_EMAIL: 'email',
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
): Promise<AuthFailure | null> {
  try {
    const { error } = await call(await authClient())
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

/** Makes an account and signs in; null on success, else why not. */
export function signUp(values: SignUpValues): Promise<AuthFailure | null> {
  return outcome((client) => client.signUp.email(values))
}

/** Ends the session on this device; null on success, else why not. */
export function signOut(): Promise<AuthFailure | null> {
  return outcome((client) => client.signOut())
}
