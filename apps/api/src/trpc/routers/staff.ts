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
import { withoutForbidden } from '../outcomes.ts'
import { adminProcedure, router, selectedClinic, signedInProcedure } from '../trpc.ts'

const rank: Readonly<Record<Role, number>> = { owner: 0, receptionist: 1, vet: 1, admin: 2 }

/** A change that takes rights away, or one that was asked for again: the first answer may have been lost before the rest. */
function isDemotion({ oldRole, role, replayed }: SetRoleSuccess): boolean {
  return rank[role] < rank[oldRole] || (replayed && role !== 'admin')
}

export const staffRouter = router({
  /** Who works at the clinic, and which invitations are open. */
  list: adminProcedure
    .output(staffResult)
    .query(({ ctx }) => staffOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id })),

  /** Makes a single-use link that gives a role. */
  invite: adminProcedure
    .input(inviteStaffInput)
    .output(inviteStaffResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await inviteStaff(ctx.db, { ...input, tenantId: ctx.clinic.id, performedBy: ctx.user.id }),
      ),
    ),

  revoke: adminProcedure
    .input(revokeInviteInput)
    .output(revokeInviteResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await revokeStaffInvite(ctx.db, { ...input, tenantId: ctx.clinic.id, performedBy: ctx.user.id }),
      ),
    ),

  /**
   * Another role for a colleague, or none. The role is read with each request, so it counts from the next one on; who may
   * do less than before is signed out everywhere, too.
   */
  setRole: adminProcedure
    .input(setRoleInput)
    .output(setRoleResult)
    .mutation(async ({ ctx, input }) => {
      const outcome = withoutForbidden(
        await setStaffRole(ctx.db, { ...input, tenantId: ctx.clinic.id, performedBy: ctx.user.id }),
      )
      if (outcome.success && isDemotion(outcome)) await endSessions(ctx.db, input.profileId)
      return outcome
    }),

  /** A vet's appointments to come: what somebody has to see to before the vet goes. */
  upcoming: adminProcedure
    .input(z.object({ profileId: setRoleInput.shape.profileId }))
    .output(z.array(visit))
    .query(({ ctx, input }) =>
      appointmentsToCome(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id }, input.profileId),
    ),

  /** What an invitation offers, for who has opened it. */
  offer: signedInProcedure
    .input(linkInput)
    .output(inviteOfferResult)
    .query(async ({ ctx, input }) =>
      withoutForbidden(
        await readStaffInvite(ctx.db, { ...input, tenantId: selectedClinic(ctx), userId: ctx.user.id }),
      ),
    ),

  accept: signedInProcedure
    .input(acceptInviteInput)
    .output(acceptInviteResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await acceptStaffInvite(ctx.db, {
          token: input.token,
          fullName: input.fullName ?? ctx.user.name,
          tenantId: selectedClinic(ctx),
          userId: ctx.user.id,
        }),
      ),
    ),
})
