import { liveInput } from '@vetcita/contracts'
import { listen } from '../../live/listen.ts'
import { router, staffProcedure } from '../trpc.ts'

export const liveRouter = router({
  /**
   * Reports on which days the clinic's calendar changes, as it does. The connection's parameters name the clinic, since a
   * browser sends no header of ours with such a request.
   */
  calendar: staffProcedure.input(liveInput).subscription(({ ctx, input, signal }) =>
    listen({
      db: ctx.db,
      feed: ctx.feed,
      clinic: ctx.clinic.id,
      role: ctx.role,
      token: ctx.sessionToken,
      lastEventId: input?.lastEventId ?? null,
      signal: signal ?? AbortSignal.any([]),
    }),
  ),
})
