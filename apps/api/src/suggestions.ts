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
  /** For a move. */
  appointmentId?: string
}

/**
 * The three free starts nearest to a time that turned out taken. They are a courtesy: where the search has no answer
 * for such a wish (a date that it refuses as an argument), the refusal stands without them.
 */
export async function suggestSlots(db: Database, wish: Wish): Promise<Slot[]> {
  try {
    return await nearestSlots(db, {
      tenantId: wish.tenantId,
      serviceId: wish.serviceId,
      vetId: wish.anyVet ? undefined : wish.vetId,
      appointmentId: wish.appointmentId,
      wishedTime: wish.startTime,
      timeZone: wish.timeZone,
      limit: 3,
    })
  } catch (error) {
    if (sqlStateOfFailure(error) === '22023') return []
    throw error
  }
}
