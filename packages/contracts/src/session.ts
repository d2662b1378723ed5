import { z } from 'zod'
import { clinicSummary, role } from './clinic.ts'
import { id } from './values.ts'

export const membership = clinicSummary.extend({ role, fullName: z.string().nullable() })

/** The signed-in user and their clinics; `user` is null for a visitor. */
export const me = z.object({
  user: z.object({ id, name: z.string(), email: z.string(), emailVerified: z.boolean() }).nullable(),
  clinics: z.array(membership),
})

export type Membership = z.infer<typeof membership>
export type Me = z.infer<typeof me>
