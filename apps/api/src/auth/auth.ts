import { limits, requiredText } from '@vetcita/contracts'
import type { Database } from '@vetcita/db'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { isTrustedOrigin } from '../http/origins.ts'
import type { Mailer } from '../mail/mailer.ts'
import { evenTime } from './even-time.ts'
import { accountMails, isForStaff, languageFor } from './mails.ts'
import { signInThrottle } from './sign-in-throttle.ts'

/** The path under which the session library's handler is mounted. */
export const authPath = '/api/auth'

/** The header with the client's address. We set it from the connection, over whatever the client sent. */
export const clientAddressHeader = 'x-vetcita-client-address'

/** An account's name obeys the rules of a profile's, so that anyone can join a clinic under it. */
const personName = requiredText(limits.personName)

const oneDay = 60 * 60 * 24

/**
 * Creates the session library's instance: sign-in by email and password, with users, sessions and counters in the schema
 * `login`.
 *
 * No answer reveals whether an address has an account: a sign-up answers the same for a known one, and the difference is
 * explained only in a mail to that address (ADR 012).
 */
export function createAuth(db: Database, env: Env, mailer: Mailer, log: FastifyBaseLogger) {
  const secure = env.PUBLIC_URL.startsWith('https:')
  const guesses = { window: 60, max: env.SIGN_IN_RATE_LIMIT }
  const { write, forgetResets: forgetResetMails } = accountMails(db, env, mailer, log)
  /** Makes the reset links that were requested before a password change invalid. */
  const forgetResets = async ({ id, email }: { id: string; email: string }) => {
    await db.verification.deleteMany({ where: { value: id, identifier: { startsWith: 'reset-password:' } } })
    await forgetResetMails(email)
  }

  const throttle = signInThrottle(db, env.AUTH_SECRET)

  return betterAuth({
    appName: 'Vetcita',
    baseURL: env.PUBLIC_URL,
    basePath: authPath,
    secret: env.AUTH_SECRET,
    database: prismaAdapter(db, { provider: 'postgresql' }),
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin')
      return typeof origin === 'string' && isTrustedOrigin(env, origin) ? [origin] : []
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: limits.password.min,
      maxPasswordLength: limits.password.max,
      // a sign-up that signed in would have to refuse a known address; the apps sign in with a second call
      autoSignIn: false,
      onExistingUserSignUp: ({ user }, request) => write('known', user, request),
      resetPasswordTokenExpiresIn: 60 * 60,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token, url }, request) =>
        write('reset', user, request, token, isForStaff(url)),
      onPasswordReset: async ({ user }, request) => {
        await forgetResets(user)
        await throttle.forget(user.email, request)
        // anyone who opened the link can read the mail of that address
        await db.user.update({ where: { id: user.id }, data: { emailVerified: true } })
        mailer.hold(write('changed', user, request))
      },
    },
    // written only by account.update, and never returned by the library
    user: {
      additionalFields: { language: { type: 'string', required: false, input: false, returned: false } },
    },
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: oneDay,
      sendVerificationEmail: ({ user, token }, request) => write('confirmation', user, request, token),
    },
    session: { expiresIn: oneDay * 30, updateAge: oneDay },
    rateLimit: {
      enabled: env.SIGN_IN_RATE_LIMIT > 0,
      storage: 'database',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': guesses,
        '/sign-up/email': guesses,
        '/request-password-reset': guesses,
        '/send-verification-email': guesses,
        '/reset-password': guesses,
        '/change-password': guesses,
      },
    },
    advanced: {
      cookiePrefix: 'vetcita',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
      // both checks stay on, whatever NODE_ENV is
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: { generateId: 'uuid' },
      // an answer that waited for a mail would reveal that there is one
      backgroundTasks: { handler: mailer.hold },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        // checked before the library looks the address up, so that a bad name is refused for a known one too
        if (ctx.path === '/sign-up/email') {
          checkAddress(ctx.body?.email)
          return { context: { body: { ...ctx.body, name: checkedName(ctx.body?.name) } } }
        }
        // anyone who knew the old password is signed out, whatever the client requests
        if (ctx.path === '/change-password') {
          return { context: { body: { ...ctx.body, revokeOtherSessions: true } } }
        }
        return
      }),
      after: createAuthMiddleware(async (ctx) => {
        const session = ctx.context.newSession
        if (ctx.path !== '/change-password' || session === null) return
        await forgetResets(session.user)
        mailer.hold(write('changed', session.user, ctx.request))
      }),
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user, ctx) => ({
            data: { ...user, name: checkedName(user.name), language: languageFor(ctx?.request) },
          }),
        },
        update: {
          before: async (user) =>
            user.name === undefined ? undefined : { data: { ...user, name: checkedName(user.name) } },
        },
      },
    },
    plugins: env.SIGN_IN_RATE_LIMIT > 0 ? [evenTime(), throttle] : [evenTime()],
    telemetry: { enabled: false },
    // an error that is not an answer of the library goes to our error handler instead of the console
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      log: (level, message) => log[level]({ part: 'auth' }, message),
    },
  })
}

export type Auth = ReturnType<typeof createAuth>

/** Refuses an address that no profile could have; what an address is else, the library knows. */
function checkAddress(email: unknown): void {
  if (typeof email === 'string' && email.length > limits.email)
    throw new APIError('BAD_REQUEST', { code: 'INVALID_EMAIL', message: 'Invalid email' })
}

function checkedName(name: unknown): string {
  const result = personName.safeParse(name)
  if (result.success) return result.data
  throw new APIError('BAD_REQUEST', { code: 'INVALID_NAME', message: 'Invalid name' })
}
