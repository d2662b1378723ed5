import { liveInput } from '@vetcita/contracts'
import { listen } from '../../live/listen.ts'
import { router, staffProcedure } from '../trpc.ts'

export const liveRouter = router({
  /**
   * Where the clinic's calendar changes, as it does. The clinic is named by the connection's parameters, since a browser
   * sends no headers of ours with such a request.
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
