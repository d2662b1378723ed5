import type { Slot } from '@vetcita/contracts'
import { type Database, nearestSlots, sqlStateOfFailure } from '@vetcita/db'

type Wish = {
  tenantId: string
  timeZone: string
  serviceId: string
  vetId: string
  /** The user had said "any vet": any vet's times will do. */
  anyVet: boolean
  startTime: string
  /** For a move: the appointment, and where it stands now, which is free for it and yet no suggestion. */
  move?: { appointmentId: string; vetId: string; startsAt: number }
}

const most = 3

/**
 * The three free starts nearest to a time that turned out taken. They are a courtesy: where the search has no answer
 * for such a wish (a date that it refuses as an argument), the refusal stands without them.
 */
export async function suggestSlots(db: Database, { move, ...wish }: Wish): Promise<Slot[]> {
  try {
    const slots = await nearestSlots(db, {
      tenantId: wish.tenantId,
      serviceId: wish.serviceId,
      vetId: wish.anyVet ? undefined : wish.vetId,
      appointmentId: move?.appointmentId,
      wishedTime: wish.startTime,
      timeZone: wish.timeZone,
      limit: most + 1,
    })
    return slots
      .filter((slot) => slot.vetId !== move?.vetId || Date.parse(slot.startTime) !== move.startsAt)
      .slice(0, most)
  } catch (error) {
    if (sqlStateOfFailure(error) === '22023') return []
    throw error
  }
}
