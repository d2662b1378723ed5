import { z } from 'zod'
import { calendarDate, clinicSlug } from './values.ts'

/** `lastEventId` is the last event that an earlier connection received; the stream continues after it. */
export const liveInput = z.object({ lastEventId: z.string().max(40).nullish() }).optional()

/**
 * An event of a live calendar. It says where to look, never what is there. `ready`: every change from here on is reported,
 * and what is on screen may be out of date. `changed`: something did on these of the clinic's dates. `standing`: the
 * listener's membership changed, so what they see besides the calendar may no longer be theirs.
 */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('standing') }),
  z.object({ kind: z.literal('changed'), clinic: clinicSlug, dates: z.array(calendarDate) }),
])

export type LiveEvent = z.infer<typeof liveEvent>
