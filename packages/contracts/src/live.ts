import { z } from 'zod'
import { calendarDate, clinicSlug } from './values.ts'

/** `lastEventId` is that of an earlier connection's last event, after which no change may be missed. */
export const liveInput = z.object({ lastEventId: z.string().max(40).nullish() }).optional()

/**
 * An event of a live calendar, which says what to read again and never what it contains. `ready`: every later change will
 * be reported, and what is on screen may be out of date. `changed`: something changed on these dates of the clinic.
 * `membership`: the listener's role at the clinic changed, so they may no longer see all that is on the screen.
 */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('membership') }),
  z.object({ kind: z.literal('changed'), clinic: clinicSlug, dates: z.array(calendarDate) }),
])

export type LiveEvent = z.infer<typeof liveEvent>
