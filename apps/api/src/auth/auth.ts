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

/** Where the session library's own handler is mounted. */
export const authPath = '/api/auth'

/** Our own header, set from the connection and never believed from outside, with the client's address. */
export const clientAddressHeader = 'x-vetcita-client-address'

/** What a profile's name may be, so that anyone with an account can join a clinic under its name. */
const personName = requiredText(limits.personName)

const oneDay = 60 * 60 * 24

/**
 * Sessions by e-mail and password. Users, sessions and counters live in the schema `login`.
 *
 * Nothing here tells whether an address has an account: a sign-up answers the same for a known one, and what differs is
 * said by mail, to the address's owner alone (ADR 012).
 */
export function createAuth(db: Database, env: Env, mailer: Mailer, log: FastifyBaseLogger) {
  const secure = env.PUBLIC_URL.startsWith('https:')
  const guesses = { window: 60, max: env.SIGN_IN_RATE_LIMIT }
  const write = accountMails(db, env, mailer, log)
  /** A link that was asked for before a password changed opens nothing after it. */
  const forgetResets = (userId: string) =>
    db.verification.deleteMany({ where: { value: userId, identifier: { startsWith: 'reset-password:' } } })

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
      // a sign-up that signed in would have to say no to a known address; the apps sign in with a second call
      autoSignIn: false,
      onExistingUserSignUp: ({ user }, request) => write('known', user, request),
      resetPasswordTokenExpiresIn: 60 * 60,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token, url }, request) =>
        write('reset', user, request, token, isForStaff(url)),
      onPasswordReset: async ({ user }, request) => {
        await forgetResets(user.id)
        await throttle.forget(user.email)
        // whoever opened the link reads the mail of that address
        await db.user.update({ where: { id: user.id }, data: { emailVerified: true } })
        mailer.hold(write('changed', user, request))
      },
    },
    // written by account.update alone, and by nobody read through the library
    user: {
      additionalFields: { language: { type: 'string', required: false, input: false, returned: false } },
    },
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: oneDay,
      sendVerificationEmail: ({ user, token }, request) => write('confirmation', user, request, token),
    },
    session: { expiresIn: oneDay * 30, updateAge: oneDay },
    // the library's own list hands every session's token to scripts: account.sessions hands out none
    disabledPaths: ['/list-sessions', '/revoke-session', '/revoke-sessions'],
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
        '/get-session': false,
      },
    },
    advanced: {
      cookiePrefix: 'vetcita',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
      // both checks stay on whatever NODE_ENV says
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: { generateId: 'uuid' },
      // an answer does not wait for a mail, which would tell that there is one
      backgroundTasks: { handler: mailer.hold },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        // before the library looks the address up, so that a bad name is refused for a known one too
        if (ctx.path === '/sign-up/email') {
          return { context: { body: { ...ctx.body, name: checkedName(ctx.body?.name) } } }
        }
        // whoever knew the old password is out, whatever the client asks for
        if (ctx.path === '/change-password') {
          return { context: { body: { ...ctx.body, revokeOtherSessions: true } } }
        }
        return
      }),
      after: createAuthMiddleware(async (ctx) => {
        const session = ctx.context.newSession
        if (ctx.path !== '/change-password' || session === null) return
        await forgetResets(session.user.id)
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
    // what is no answer of the library's own comes to our error handler instead of the console
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      log: (level, message) => log[level]({ part: 'auth' }, message),
    },
  })
}

export type Auth = ReturnType<typeof createAuth>

function checkedName(name: unknown): string {
  const result = personName.safeParse(name)
  if (result.success) return result.data
  throw new APIError('BAD_REQUEST', { code: 'INVALID_NAME', message: 'Invalid name' })
}
