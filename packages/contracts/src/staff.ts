import { z } from 'zod'
import { role } from './clinic.ts'
import {
  acceptInviteErrorCodes,
  inviteStaffErrorCodes,
  readLinkErrorCodes,
  revokeInviteErrorCodes,
  setRoleErrorCodes,
} from './codes.ts'
import { limits } from './limits.ts'
import { staffRoles } from './roles.ts'
import { id, instant, line, refusal, requiredText, text } from './values.ts'

/** A role that an invitation can give. */
const staffRole = z.enum(staffRoles)

/** One of the clinic's staff. `you`: the reader; `keepsHours`: they have weekly hours, so they treat patients. */
export const staffMember = z.object({
  id,
  fullName: z.string(),
  email: z.string().nullable(),
  role: staffRole,
  you: z.boolean(),
  keepsHours: z.boolean(),
})

/** An invitation that has not been used. */
export const openInvite = z.object({
  id,
  role: staffRole,
  label: z.string().nullable(),
  createdBy: z.string().nullable(),
  expiresAt: instant,
  expired: z.boolean(),
})

export const staffResult = z.object({ members: z.array(staffMember), invites: z.array(openInvite) })

/** `label` reminds the admins who the link is for. */
export const inviteStaffInput = z.object({ role: staffRole, label: line(limits.inviteLabel).optional() })

export const inviteStaffSuccess = z.object({
  success: z.literal(true),
  inviteId: id,
  token: z.string(),
  role: staffRole,
  expiresAt: instant,
})

export const inviteStaffResult = z.discriminatedUnion('success', [
  inviteStaffSuccess,
  refusal(inviteStaffErrorCodes),
])

export const revokeInviteInput = z.object({ inviteId: id })
export const revokeInviteResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), inviteId: id }),
  refusal(revokeInviteErrorCodes),
])

/** What an invitation offers. `yours`: the reader has used it already. */
export const inviteOffer = z.object({
  success: z.literal(true),
  role: staffRole,
  clinicName: z.string(),
  yours: z.boolean(),
})

export const inviteOfferResult = z.discriminatedUnion('success', [inviteOffer, refusal(readLinkErrorCodes)])

/** The name defaults to the account's. */
export const acceptInviteInput = z.object({
  token: text(200),
  fullName: requiredText(limits.personName).optional(),
})

export const acceptInviteSuccess = z.object({
  success: z.literal(true),
  profileId: id,
  /** Null if the link is used again by someone who is no longer staff. */
  role: role.nullable(),
  replayed: z.boolean(),
})

export const acceptInviteResult = z.discriminatedUnion('success', [
  acceptInviteSuccess,
  refusal(acceptInviteErrorCodes),
])

/**
 * `owner` removes someone from the staff. A vet who would no longer treat patients and has appointments to come is refused
 * with HAS_APPOINTMENTS, unless `keepAppointments` says to change the role at once and move the appointments later.
 */
export const setRoleInput = z.object({
  profileId: id,
  role,
  keepAppointments: z.boolean().default(false),
})

/** `appointments`: how many are left with a vet who no longer treats patients. */
export const setRoleSuccess = z.object({
  success: z.literal(true),
  profileId: id,
  oldRole: role,
  role,
  appointments: z.int(),
  replayed: z.boolean(),
})

/** `appointmentIds`: the next 50 of them. */
export const hasAppointments = refusal(['HAS_APPOINTMENTS']).extend({
  appointments: z.int(),
  appointmentIds: z.array(id),
})

export const setRoleResult = z.union([
  setRoleSuccess,
  hasAppointments,
  refusal(setRoleErrorCodes, ['HAS_APPOINTMENTS']),
])

export type StaffMember = z.infer<typeof staffMember>
export type OpenInvite = z.infer<typeof openInvite>
export type SetRoleSuccess = z.infer<typeof setRoleSuccess>
