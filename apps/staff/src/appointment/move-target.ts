import type { Slot } from '@vetcita/contracts'

/** Where an appointment is to go, with the clinic's wall time for the screen. */
export interface MoveTarget {
  vetId: string
  /** ISO 8601. */
  startTime: string
  localDate: string
  localTime: string
}

/** A free time, with the vet whose it is. */
export function targetOf({ vetId, startTime, localDate, localTime }: Slot): MoveTarget {
  return { vetId, startTime, localDate, localTime }
}

/** The problem of a time that the clinic's clock skips on that day. */
export const skippedHour: unique symbol = Symbol('an hour that the clock skips')
