import type { Slot } from '@vetcita/contracts'
import { type Database, nearestSlots, sqlStateOfFailure } from '@vetcita/db'

type SuggestionRequest = {
  tenantId: string
  timeZone: string
  serviceId: string
  vetId: string
  /** The user had chosen "any vet", so every vet's times count. */
  anyVet: boolean
  startTime: string
  /** For a move: the appointment, whose present slot is free for itself and yet no suggestion. */
  move?: { appointmentId: string; vetId: string; startsAt: number }
}

const MAX_SUGGESTIONS = 3

/**
 * The searches that are running. When a hundred callers want one slot, 99 need the same search at the same moment, and it
 * costs more than the refusal: a caller who comes while it runs shares its result. Nothing is kept after that.
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
 * Returns the three free starts nearest to a time that turned out to be taken; none for a date that the search refuses as
 * an argument.
 */
export async function suggestSlots(db: Database, { move, ...request }: SuggestionRequest): Promise<Slot[]> {
  try {
    const slots = await searchOnce(db, {
      tenantId: request.tenantId,
      serviceId: request.serviceId,
      vetId: request.anyVet ? undefined : request.vetId,
      appointmentId: move?.appointmentId,
      requestedTime: request.startTime,
      timeZone: request.timeZone,
      limit: MAX_SUGGESTIONS + 1,
    })
    return slots
      .filter((slot) => slot.vetId !== move?.vetId || Date.parse(slot.startTime) !== move.startsAt)
      .slice(0, MAX_SUGGESTIONS)
  } catch (error) {
    if (sqlStateOfFailure(error) === '22023') return []
    throw error
  }
}
