/** A route of the session library, and the names of what it takes: in the body of a POST, in the query of a GET. */
export type AuthRoute = { method: 'GET' | 'POST'; path: `/${string}`; fields: readonly string[] }

/**
 * What the apps call (packages/ui/src/auth/auth-client.ts). The library has some thirty routes, with ways to guess a
 * password past our throttle and to store any text; all others are answered like an address that does not exist.
 */
export const authRoutes: readonly AuthRoute[] = [
  { method: 'POST', path: '/sign-up/email', fields: ['name', 'email', 'password'] },
  { method: 'POST', path: '/sign-in/email', fields: ['email', 'password'] },
  { method: 'POST', path: '/sign-out', fields: [] },
  { method: 'POST', path: '/change-password', fields: ['currentPassword', 'newPassword'] },
  { method: 'POST', path: '/request-password-reset', fields: ['email', 'redirectTo'] },
  { method: 'POST', path: '/reset-password', fields: ['token', 'newPassword'] },
  { method: 'POST', path: '/send-verification-email', fields: ['email'] },
  { method: 'GET', path: '/verify-email', fields: ['token'] },
]
