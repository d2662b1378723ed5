import { me } from '@vetcita/contracts'
import { membershipsOf } from '@vetcita/db'
import { publicProcedure, router } from '../trpc.ts'

export const sessionRouter = router({
  /** The signed-in user, and the clinics where they are a member. For a visitor there is neither. */
  me: publicProcedure.output(me).query(async ({ ctx }) => {
    const caller = await ctx.signedIn()
    if (caller === null) return { user: null, clinics: [] }
    const { user } = caller
    return { user, clinics: await membershipsOf(ctx.db, user.id) }
  }),
})
