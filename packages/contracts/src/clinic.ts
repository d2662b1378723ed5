import { z } from 'zod'
import { clinicSlug, clockTime, failure, id, localDate, requiredText, text } from './values.ts'

export const roles = ['owner', 'receptionist', 'vet', 'admin'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** The roles that count as staff in the database contract. */
export const staffRoles: readonly Role[] = ['receptionist', 'vet', 'admin']

/** The header with which a request names its clinic. It selects; the session's memberships decide. */
export const clinicHeader = 'x-clinic'

export const clinicSummary = z.object({
  id: clinicSlug,
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
})

export const service = z.object({
  id,
  name: z.string(),
  durationMinutes: z.int(),
  price: z.number().nullable(),
})

export const vet = z.object({ id, fullName: z.string() })

/** When a vet is there each week: weekday 1 (Monday) to 7, on the clinic's clock; a lunch break makes two of them. */
export const weeklyHours = z.object({
  vetId: id,
  weekday: z.int().min(1).max(7),
  opens: clockTime,
  closes: clockTime,
})

/** What anybody may know of a clinic. `today` is its date now; an owner changes an appointment up to `changeNoticeMinutes` before it. */
export const clinic = clinicSummary.extend({
  changeNoticeMinutes: z.int(),
  today: localDate,
  services: z.array(service),
  vets: z.array(vet),
  hours: z.array(weeklyHours),
})

/** Without a name, the account's. */
export const joinClinicInput = z.object({
  fullName: requiredText(120).optional(),
  phone: text(40).optional(),
})

export const joinClinicErrorCodes = ['FORBIDDEN', 'CLINIC_NOT_FOUND', 'INVALID_NAME'] as const
export type JoinClinicErrorCode = (typeof joinClinicErrorCodes)[number]

/** `joined` is false when the person already belonged to the clinic. */
export const joinClinicResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), role, joined: z.boolean() }),
  failure(['CLINIC_NOT_FOUND', 'INVALID_NAME']),
])

export type ClinicSummary = z.infer<typeof clinicSummary>
export type Clinic = z.infer<typeof clinic>
export type Service = z.infer<typeof service>
export type WeeklyHours = z.infer<typeof weeklyHours>
export type Vet = z.infer<typeof vet>
export type JoinClinicInput = z.input<typeof joinClinicInput>
export type JoinClinicResult = z.infer<typeof joinClinicResult>
