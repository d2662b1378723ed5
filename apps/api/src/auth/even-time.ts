import { setTimeout as sleep } from 'node:timers/promises'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'

/**
 * For a known address a reset writes its link and for an unknown one nothing, which is a millisecond that many tries
 * would show. So the answer comes this many milliseconds after the question, in either case. (A second confirmation is
 * evened out by the session library itself, sign-in and sign-up by the hash that both compute.)
 */
const answerAfterMs = 250

export function evenTime() {
  const begun = new WeakMap<Request, number>()
  const isReset = ({ path }: { path?: string | undefined }) => path === '/request-password-reset'
  return {
    id: 'even-time',
    hooks: {
      before: [
        {
          matcher: isReset,
          handler: createAuthMiddleware(async ({ request }) => {
            if (request !== undefined) begun.set(request, performance.now())
          }),
        },
      ],
      after: [
        {
          matcher: isReset,
          handler: createAuthMiddleware(async ({ request }) => {
            const start = request === undefined ? undefined : begun.get(request)
            if (start !== undefined) await sleep(Math.max(0, start + answerAfterMs - performance.now()))
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}
