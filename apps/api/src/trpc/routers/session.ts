import { me } from '@vetcita/contracts'
import { membershipsOf } from '@vetcita/db'
import { publicProcedure, router } from '../trpc.ts'

export const sessionRouter = router({
  /** Who is signed in, and at which clinics with which role; a visitor is nobody at none. */
  me: publicProcedure.output(me).query(async ({ ctx }) => {
    const caller = await ctx.signedIn()
    if (caller === null) return { user: null, clinics: [] }
    const { user } = caller
    return { user, clinics: await membershipsOf(ctx.db, user.id) }
  }),
})
