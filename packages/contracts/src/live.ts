import { z } from 'zod'
import { clinicSlug, localDate } from './values.ts'

/** After `lastEventId`, as an earlier connection's last event had it, nothing is to be missed. */
export const liveInput = z.object({ lastEventId: z.string().max(40).nullish() }).optional()

/**
 * What a live calendar is told: where to look, never what is there. `ready`: from here on every change is told, and what
 * is on screen may be out of date. `changed`: on these of the clinic's dates something did. `standing`: who listens is
 * something else at the clinic now, and what they see besides the calendar may no longer be theirs.
 */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('membership') }),
  z.object({ kind: z.literal('changed'), clinic: clinicSlug, dates: z.array(localDate) }),
])

export type LiveEvent = z.infer<typeof liveEvent>
