import { createHmac, randomBytes } from 'node:crypto'
import { type AttemptCounters, countAttempt, type Database, forgetAttempts, refundAttempt } from '@vetcita/db'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getIP } from 'better-auth/api'
import { z } from 'zod'

const limits = { own: 10, account: 30, windowMs: 15 * 60 * 1000 }

const oneYear = 60 * 60 * 24 * 365

const signIn = z.object({ email: z.string() })

/**
 * Slows down who guesses one account's password, from however many addresses, and lets its owner in: a browser that has
 * signed in to this account before carries a cookie that says so, and counts by itself. All others count by address, and
 * together. Whether the address has an account makes no difference to what is counted or answered. See ADR 013.
 *
 * @param secret names the counters and cookies, so that neither tells an address to who reads them
 */
export function signInThrottle(db: Database, secret: string) {
  const accountKey = (email: string) =>
    `sign-in:${createHmac('sha256', secret).update(`sign-in ${email.toLowerCase()}`).digest('hex').slice(0, 32)}`

  /** Which counters a request counts on, and how its browser proves that it has signed in here before. */
  async function counters(ctx: HookContext): Promise<(AttemptCounters & Proof) | null> {
    const body = signIn.safeParse(ctx.body)
    if (!body.success) return null
    const key = accountKey(body.data.email)
    const cookie = ctx.context.createAuthCookie(`known-${key.slice(-12)}`, { maxAge: oneYear })
    const value = await ctx.getSignedCookie(cookie.name, secret)
    // the account stands in the value too: a proof for one account, renamed, is none for another
    const [id = '', account] = typeof value === 'string' ? value.split(' ') : []
    if (id !== '' && account === key) return { own: `${key}|browser ${id}`, account: null, key, cookie, id }
    const address = (ctx.request && getIP(ctx.request, ctx.context.options)) ?? 'unknown'
    return { own: `${key}|${address}`, account: key, key, cookie, id: randomBytes(12).toString('hex') }
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
                message: 'Too many attempts. Wait, or choose another password by mail.',
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
            const { cookie, id, key } = counting
            await ctx.setSignedCookie(cookie.name, `${id} ${key}`, secret, cookie.attributes)
          }),
        },
      ],
    },
    /** For who has proven otherwise that the account is theirs. */
    forget: (email: string) => forgetAttempts(db, accountKey(email)),
  } satisfies BetterAuthPlugin & { forget: unknown }
}

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

type Proof = { key: string; id: string; cookie: ReturnType<HookContext['context']['createAuthCookie']> }
