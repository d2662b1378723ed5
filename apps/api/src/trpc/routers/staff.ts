import {
  acceptInviteInput,
  acceptInviteResult,
  inviteOfferResult,
  inviteStaffInput,
  inviteStaffResult,
  linkInput,
  type Role,
  revokeInviteInput,
  revokeInviteResult,
  type SetRoleSuccess,
  setRoleInput,
  setRoleResult,
  staffResult,
  visit,
} from '@vetcita/contracts'
import {
  acceptStaffInvite,
  appointmentsToCome,
  endSessions,
  inviteStaff,
  readStaffInvite,
  revokeStaffInvite,
  setStaffRole,
  staffOf,
} from '@vetcita/db'
import { z } from 'zod'
import { adminCallProcedure, callSignedIn } from '../member-procedure.ts'
import { adminProcedure, router, signedInProcedure } from '../trpc.ts'

const rank: Readonly<Record<Role, number>> = { owner: 0, receptionist: 1, assistant: 1, vet: 1, admin: 2 }

/**
 * Returns whether a change took rights away. The same role again takes none, or an admin could sign a colleague out of
 * other clinics as often as they like.
 */
function isDemotion({ oldRole, role }: SetRoleSuccess): boolean {
  return rank[role] < rank[oldRole]
}

export const staffRouter = router({
  /** The clinic's staff and the open invitations. */
  list: adminProcedure.output(staffResult).query(({ ctx }) => staffOf(ctx.db, ctx.actor)),

  /** Makes the single-use link that gives a colleague a role. */
  invite: adminCallProcedure
    .input(inviteStaffInput)
    .output(inviteStaffResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(inviteStaff, input)).outcome),

  revoke: adminCallProcedure
    .input(revokeInviteInput)
    .output(revokeInviteResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(revokeStaffInvite, input)).outcome),

  /**
   * Gives a colleague another role, or none. Roles are read with each request, so it takes effect with the next one; a
   * colleague who may do less than before is also signed out everywhere.
   */
  setRole: adminCallProcedure
    .input(setRoleInput)
    .output(setRoleResult)
    .mutation(async ({ ctx, input }) => {
      const { outcome, db } = await ctx.call(setStaffRole, input)
      if (outcome.success && isDemotion(outcome)) await endSessions(db, input.profileId)
      return outcome
    }),

  /** A vet's coming appointments, which the staff have to move before the vet leaves. */
  upcoming: adminProcedure
    .input(z.object({ profileId: setRoleInput.shape.profileId }))
    .output(z.array(visit))
    .query(({ ctx, input }) => appointmentsToCome(ctx.db, ctx.actor, input.profileId)),

  /** What an invitation offers the user. */
  offer: signedInProcedure
    .input(linkInput)
    .output(inviteOfferResult)
    .query(({ ctx, input }) => callSignedIn(ctx, readStaffInvite, input)),

  accept: signedInProcedure
    .input(acceptInviteInput)
    .output(acceptInviteResult)
    .mutation(({ ctx, input: { token, fullName = ctx.user.name } }) =>
      callSignedIn(ctx, acceptStaffInvite, { token, fullName }),
    ),
})
