import {
  acceptInviteErrorCodes,
  acceptInviteSuccess,
  hasAppointments,
  inviteOffer,
  inviteStaffErrorCodes,
  inviteStaffSuccess,
  readLinkErrorCodes,
  revokeInviteErrorCodes,
  revokeInviteResult,
  setRoleSuccess,
} from '@vetcita/contracts'
import { z } from 'zod'
import { defineFunction } from '../sql/define-function.ts'

/** Makes the single-use link that gives a colleague a role. For admins. */
export const inviteStaff = defineFunction({
  name: 'invite_staff',
  args: { role: 'text', label: 'text?' },
  answer: inviteStaffSuccess,
  codes: inviteStaffErrorCodes,
})

/** Ends an invitation that has not been used; once ended, ending it again changes nothing. For admins. */
export const revokeStaffInvite = defineFunction({
  name: 'revoke_staff_invite',
  args: { inviteId: 'uuid' },
  answer: revokeInviteResult.options[0],
  codes: revokeInviteErrorCodes,
})

/** Reads what an invitation offers; nothing changes. */
export const readStaffInvite = defineFunction({
  name: 'read_staff_invite',
  args: { token: 'text' },
  answer: inviteOffer,
  codes: readLinkErrorCodes,
})

/** Makes the user one of the staff. The user who has used an invitation may use it again, which is a replay. */
export const acceptStaffInvite = defineFunction({
  name: 'accept_staff_invite',
  args: { token: 'text', fullName: 'text' },
  answer: acceptInviteSuccess,
  codes: acceptInviteErrorCodes,
  repeatable: 'always',
})

/** Gives a colleague another role, or with the role `owner` takes them off the staff. For admins. */
export const setStaffRole = defineFunction({
  name: 'set_staff_role',
  args: { profileId: 'uuid', role: 'text', keepAppointments: 'boolean' },
  answer: z.union([setRoleSuccess, hasAppointments]),
  codes: ['FORBIDDEN', 'INVALID_ROLE', 'STAFF_NOT_FOUND', 'LAST_ADMIN'],
})
