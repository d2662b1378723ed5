import { z } from 'zod'
import { joinClinicErrorCodes } from './codes.ts'
import { limits } from './limits.ts'
import { roles } from './roles.ts'
import { calendarDate, clinicSlug, clockTime, id, instant, line, refusal, requiredText } from './values.ts'

export const role = z.enum(roles)

/** online: owners book it; request: it is held until the clinic answers; desk: only staff book it. */
export const serviceBooking = z.enum(['online', 'request', 'desk'])

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
  booking: serviceBooking,
  category: z.string().nullable(),
  preparation: z.string().nullable(),
  /** null: for every species */
  species: z.array(z.string()).nullable(),
  /** who does it; none is everybody */
  vetIds: z.array(id),
})

export const vet = z.object({ id, fullName: z.string() })

/** When a vet works each week: weekday 1 (Monday) to 7, in the clinic's wall time. A lunch break makes two of these. */
export const weeklyHours = z.object({
  vetId: id,
  weekday: z.int().min(1).max(7),
  opens: clockTime,
  closes: clockTime,
})

/**
 * What anyone may know of a clinic. `today` is its date now. A pet owner may change an appointment until
 * `changeNoticeMinutes` before it.
 */
export const clinic = clinicSummary.extend({
  changeNoticeMinutes: z.int(),
  bookLeadMinutes: z.int(),
  bookHorizonDays: z.int(),
  graceMinutes: z.int(),
  today: calendarDate,
  services: z.array(service),
  vets: z.array(vet),
  hours: z.array(weeklyHours),
  /** coming closed days, the soonest first */
  closures: z.array(z.object({ id, startTime: instant, endTime: instant, name: z.string() })),
})

/** The name defaults to the account's. */
export const joinClinicInput = z.object({
  fullName: requiredText(limits.personName).optional(),
  phone: line(limits.phone.max).optional(),
})

/** `joined` is false if the user already belonged to the clinic. */
export const joinClinicResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), role, joined: z.boolean() }),
  refusal(joinClinicErrorCodes),
])

export type ClinicSummary = z.infer<typeof clinicSummary>
export type Clinic = z.infer<typeof clinic>
export type Service = z.infer<typeof service>
export type WeeklyHours = z.infer<typeof weeklyHours>
export type Vet = z.infer<typeof vet>
export type JoinClinicInput = z.input<typeof joinClinicInput>
