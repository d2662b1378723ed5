import { z } from 'zod'
import { limits } from './limits.ts'
import { id, instant, searchDate, within } from './values.ts'

/** A free start. */
export const slot = z.object({
  vetId: id,
  startTime: instant,
  endTime: instant,
})

/**
 * A search for free starts: `serviceId` for a new booking, `appointmentId` for a move (with that appointment's length and
 * buffer, and without it being in its own way). The dates are the clinic's, both inclusive.
 */
export const availableSlotsInput = z
  .object({
    serviceId: id.optional(),
    appointmentId: id.optional(),
    vetId: id.optional(),
    from: searchDate,
    to: searchDate,
    stepMinutes: within(limits.slotStep).default(15),
  })
  .refine((input) => (input.serviceId === undefined) !== (input.appointmentId === undefined), {
    message: 'Name either serviceId or appointmentId',
    path: ['serviceId'],
  })
  .refine((input) => input.from <= input.to, { message: 'May not be before from', path: ['to'] })
  .refine((input) => daysBetween(input.from, input.to) < limits.slotSearchDays, {
    message: `At most ${limits.slotSearchDays} days`,
    path: ['to'],
  })

export const availableSlotsResult = z.object({ timeZone: z.string(), slots: z.array(slot) })

export type Slot = z.infer<typeof slot>

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000
}
