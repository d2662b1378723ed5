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
 * The searches that run now. Of a hundred who wanted one slot, 99 ask the same at the same moment, and a search is dearer
 * than the refusal: whoever comes while it runs shares its answer. Nothing is kept beyond that.
 */
const running = new WeakMap<Database, Map<string, Promise<Slot[]>>>()

function searchOnce(db: Database, search: Parameters<typeof nearestSlots>[1]): Promise<Slot[]> {
  const key = JSON.stringify(search)
  const searches = running.get(db) ?? new Map<string, Promise<Slot[]>>()
  running.set(db, searches)
  const known = searches.get(key)
  if (known !== undefined) return known
  const found = nearestSlots(db, search).finally(() => searches.delete(key))
  searches.set(key, found)
  return found
}

/**
 * The three free starts nearest to a time that turned out taken. They are a courtesy: where the search has no answer
 * for such a wish (a date that it refuses as an argument), the refusal stands without them.
 */
export async function suggestSlots(db: Database, { move, ...wish }: Wish): Promise<Slot[]> {
  try {
    const slots = await searchOnce(db, {
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
