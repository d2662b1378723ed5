import {
  account,
  accountSession,
  endedSessions,
  endSessionInput,
  updateAccountInput,
} from '@vetcita/contracts'
import { endOtherSessions, languageOf, phoneAt, sessionsOf, updateAccount } from '@vetcita/db'
import { z } from 'zod'
import { deviceOf } from '../../auth/device.ts'
import { ownerProcedure, router, signedInProcedure } from '../trpc.ts'

export const accountRouter = router({
  /** The user's own account, as this clinic knows it. */
  get: ownerProcedure.output(account).query(async ({ ctx }) => {
    const { id, ...user } = ctx.user
    const phone = await phoneAt(ctx.db, ctx.actor)
    return { ...user, phone, language: await languageOf(ctx.db, id) }
  }),

  /** Changes the user's name, language and phone, here and at every clinic where they are a client. */
  update: ownerProcedure
    .input(updateAccountInput)
    .output(account)
    .mutation(async ({ ctx, input }) => {
      const { id, ...user } = ctx.user
      const change = { name: input.name, phone: input.phone === '' ? null : input.phone }
      await updateAccount(ctx.db, ctx.actor, { ...change, language: input.language })
      return { ...user, ...change, language: await languageOf(ctx.db, id) }
    }),

  /** The devices on which the user is signed in, this one first. */
  sessions: signedInProcedure.output(z.array(accountSession)).query(async ({ ctx }) => {
    const sessions = await sessionsOf(ctx.db, ctx.user.id, ctx.sessionToken)
    return sessions.map(({ userAgent, signedInAt, ...session }) => ({
      ...session,
      ...deviceOf(userAgent),
      signedInAt: signedInAt.toISOString(),
    }))
  }),

  /** Signs one other device out; this one signs out with its cookie. */
  endSession: signedInProcedure
    .input(endSessionInput)
    .output(endedSessions)
    .mutation(async ({ ctx, input }) => ({
      ended: await endOtherSessions(ctx.db, {
        userId: ctx.user.id,
        token: ctx.sessionToken,
        sessionId: input.sessionId,
      }),
    })),

  /** Signs every other device out. */
  endOtherSessions: signedInProcedure.output(endedSessions).mutation(async ({ ctx }) => ({
    ended: await endOtherSessions(ctx.db, { userId: ctx.user.id, token: ctx.sessionToken }),
  })),
})
