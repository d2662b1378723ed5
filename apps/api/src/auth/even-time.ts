import { setTimeout as sleep } from 'node:timers/promises'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'

/**
 * The milliseconds from a request to its answer. A reset writes a link for a known address and nothing for an unknown one:
 * a difference of a millisecond, which many attempts would reveal.
 */
const ANSWER_AFTER_MS = 250

/**
 * Makes requests for a password reset take the same time for known and unknown addresses. The session library itself does
 * that for a repeated confirmation; sign-in and sign-up both compute the hash.
 */
export function evenTime() {
  const startTimes = new WeakMap<Request, number>()
  const isReset = ({ path }: { path?: string | undefined }) => path === '/request-password-reset'
  return {
    id: 'even-time',
    hooks: {
      before: [
        {
          matcher: isReset,
          handler: createAuthMiddleware(async ({ request }) => {
            if (request !== undefined) startTimes.set(request, performance.now())
          }),
        },
      ],
      after: [
        {
          matcher: isReset,
          handler: createAuthMiddleware(async ({ request }) => {
            const start = request === undefined ? undefined : startTimes.get(request)
            if (start !== undefined) await sleep(Math.max(0, start + ANSWER_AFTER_MS - performance.now()))
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}
