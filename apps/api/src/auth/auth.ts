import type { Database } from '@vetcita/db'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { Env } from '../env.ts'
import { isTrustedOrigin } from '../origins.ts'

/** Where the session library's own handler is mounted. */
export const authPath = '/api/auth'

/** Our own header, set from the connection and never believed from outside, with the client's address. */
export const clientAddressHeader = 'x-vetcita-client-address'

/** What `profiles.full_name` takes, so that whoever has an account can join a clinic under its name. */
const personName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !name.includes('\u0000') && name.isWellFormed())

/** Sessions by e-mail and password. Users, sessions and counters live in the schema `login`. */
export function createAuth(db: Database, env: Env, log: FastifyBaseLogger) {
  const secure = env.PUBLIC_URL.startsWith('https:')
  const signIns = { window: 60, max: env.SIGN_IN_RATE_LIMIT }
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
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    rateLimit: {
      enabled: env.SIGN_IN_RATE_LIMIT > 0,
      storage: 'database',
      window: 60,
      max: 600,
      customRules: { '/sign-in/email': signIns, '/sign-up/email': signIns, '/get-session': false },
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
    },
    databaseHooks: {
      user: {
        create: { before: async (user) => ({ data: { ...user, name: checkedName(user.name) } }) },
        update: {
          before: async (user) =>
            user.name === undefined ? undefined : { data: { ...user, name: checkedName(user.name) } },
        },
      },
    },
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
