import { createHmac, randomBytes } from 'node:crypto'
import { type AttemptCounters, countAttempt, type Database, forgetAttempts, refundAttempt } from '@vetcita/db'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getIP } from 'better-auth/api'
import { z } from 'zod'

/** Attempts in the window: per browser or address, and of all addresses together. */
const limits = { own: 10, account: 30, windowMs: 15 * 60 * 1000 }

const oneYear = 60 * 60 * 24 * 365

const signIn = z.object({ email: z.string() })

const newId = () => randomBytes(12).toString('hex')

const cookieOf = (ctx: HookContext, key: string) =>
  ctx.context.createAuthCookie(`known-${key.slice(-12)}`, { maxAge: oneYear })

/**
 * Limits the guesses at one account's password, from any number of addresses, without locking its user out: a browser that
 * has signed in to the account before has a cookie that proves it, and a counter of its own. All others count per address,
 * and together. What is counted and answered does not depend on whether the account exists. See ADR 013.
 *
 * @param secret the key of the hash that names counters and cookies, so that neither reveals an email address
 */
export function signInThrottle(db: Database, secret: string) {
  const accountKey = (email: string) =>
    `sign-in:${createHmac('sha256', secret).update(`sign-in ${email.toLowerCase()}`).digest('hex').slice(0, 32)}`

  /** Returns the counters for a request, and the proof by which its browser shows that it has signed in here before. */
  async function counters(ctx: HookContext): Promise<(AttemptCounters & Proof) | null> {
    const body = signIn.safeParse(ctx.body)
    if (!body.success) return null
    const key = accountKey(body.data.email)
    const cookie = cookieOf(ctx, key)
    const value = await ctx.getSignedCookie(cookie.name, secret)
    // the value repeats the account, so that a proof for one account, renamed, proves nothing for another
    const [id = '', account] = typeof value === 'string' ? value.split(' ') : []
    if (id !== '' && account === key) return { own: `${key}|browser ${id}`, account: null, key, cookie, id }
    const address = (ctx.request && getIP(ctx.request, ctx.context.options)) ?? 'unknown'
    return { own: `${key}|${address}`, account: key, key, cookie, id: newId() }
  }

  /** The accounts whose passwords the requests in progress have reset. */
  const reset = new WeakMap<Request, string>()

  /** Gives a browser the proof that it has signed in to an account. */
  async function prove(ctx: HookContext, { cookie, id, key }: Proof): Promise<void> {
    await ctx.setSignedCookie(cookie.name, `${id} ${key}`, secret, cookie.attributes)
  }

  return {
    id: 'sign-in-throttle',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-in/email',
          handler: createAuthMiddleware(async (ctx) => {
            const counting = await counters(ctx)
            if (counting === null) return
            const wait = await countAttempt(db, counting, limits)
            if (wait === null) return
            const seconds = String(Math.ceil(wait / 1000))
            throw new APIError(
              'TOO_MANY_REQUESTS',
              {
                code: 'TOO_MANY_ATTEMPTS',
                message: 'Too many attempts. Wait, or reset the password by mail.',
              },
              { 'retry-after': seconds, 'x-retry-after': seconds },
            )
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path === '/sign-in/email',
          handler: createAuthMiddleware(async (ctx) => {
            if (ctx.context.newSession === null) return
            const counting = await counters(ctx)
            if (counting === null) return
            await refundAttempt(db, counting)
            await prove(ctx, counting)
          }),
        },
        {
          matcher: ({ path }) => path === '/reset-password',
          handler: createAuthMiddleware(async (ctx) => {
            // Others may go on guessing. The sign-in that follows is counted apart from theirs.
            const email = ctx.request && reset.get(ctx.request)
            if (email === undefined) return
            const key = accountKey(email)
            await prove(ctx, { cookie: cookieOf(ctx, key), id: newId(), key })
          }),
        },
      ],
    },
    /** Clears an account's counters, for a user who has proven by mail that it is theirs, in the browser of this request. */
    forget: async (email: string, request: Request | undefined) => {
      if (request !== undefined) reset.set(request, email)
      await forgetAttempts(db, accountKey(email))
    },
  } satisfies BetterAuthPlugin & { forget: unknown }
}

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

type Proof = { key: string; id: string; cookie: ReturnType<HookContext['context']['createAuthCookie']> }
