import { z } from 'zod'
import { limits } from './limits.ts'
import { id, instant, searchDate, within } from './values.ts'

/** A free start. */
export const slot = z.object({ vetId: id, startTime: instant })

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
  .refine((input) => startsOf(input) <= limits.slotSearchStarts, {
    message: `At most ${limits.slotSearchStarts} starts: fewer days, or a longer step`,
    path: ['stepMinutes'],
  })

/**
 * The free starts of each vet who has any, in order of time. Two months of a clinic are some ten thousand of them, so that
 * nothing is said twice; `slotsOf` (slot-list.ts) makes a list.
 */
export const availableSlotsResult = z.object({
  timeZone: z.string(),
  vets: z.array(z.object({ vetId: id, starts: z.array(z.string()) })),
  /** For each time at which anybody is free, in order: whose turn it is, as a position in `vets`. */
  turns: z.array(z.int()),
})

export type Slot = z.infer<typeof slot>
export type AvailableSlots = z.infer<typeof availableSlotsResult>

function startsOf({ from, to, stepMinutes }: { from: string; to: string; stepMinutes: number }): number {
  return ((daysBetween(from, to) + 1) * 24 * 60) / stepMinutes
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000
}
