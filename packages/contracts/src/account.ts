import { z } from 'zod'
import { limits } from './limits.ts'
import { id, phone, requiredText } from './values.ts'

/** The languages of mails; Spanish (es-PY) first. */
export const languages = ['es', 'en'] as const

/** The user's own account, and the phone number that this clinic has for them. */
export const account = z.object({
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string().nullable(),
  /** The language of their mails; null if they never chose one. */
  language: z.enum(languages).nullable(),
})

/** An empty phone removes it. */
export const updateAccountInput = z.object({
  name: requiredText(limits.personName),
  phone: z.union([z.literal(''), phone]),
  language: z.enum(languages).optional(),
})

/** A device that is signed in. Browser and system are what it claims to be, null if it claims nothing. */
export const accountSession = z.object({
  id,
  browser: z.string().nullable(),
  system: z.string().nullable(),
  isHandheld: z.boolean(),
  signedInAt: z.iso.datetime(),
  isCurrent: z.boolean(),
})

export const endSessionInput = z.object({ sessionId: id })

/** How many sessions ended; 0 if they had ended before. */
export const endedSessions = z.object({ ended: z.int() })

export type Account = z.infer<typeof account>
export type AccountSession = z.infer<typeof accountSession>
