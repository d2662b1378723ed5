import { z } from 'zod'
import { limits } from './limits.ts'
import { id, phone, requiredText } from './values.ts'

/** The languages in which people are written to; Spanish (es-PY) first. */
export const languages = ['es', 'en'] as const

/** The person's own account, and the phone that this clinic has of them. */
export const account = z.object({
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string().nullable(),
  /** In which mails are written; null where it was never said. */
  language: z.enum(languages).nullable(),
})

/** An empty phone takes it away. */
export const updateAccountInput = z.object({
  name: requiredText(limits.personName),
  phone: z.union([z.literal(''), phone]),
  language: z.enum(languages).optional(),
})

/** A device that is signed in. Browser and system are those that it says it is, null where it does not. */
export const accountSession = z.object({
  id,
  browser: z.string().nullable(),
  system: z.string().nullable(),
  isHandheld: z.boolean(),
  signedInAt: z.iso.datetime(),
  isCurrent: z.boolean(),
})

export const endSessionInput = z.object({ sessionId: id })

/** How many sessions ended; none where they had ended before. */
export const endedSessions = z.object({ ended: z.int() })

export type Account = z.infer<typeof account>
export type UpdateAccountInput = z.input<typeof updateAccountInput>
export type AccountSession = z.infer<typeof accountSession>
