import type { Slot } from '@vetcita/contracts'

/** The time and vet to move an appointment to. */
export interface MoveTarget {
  vetId: string
  /** ISO 8601. */
  startTime: string
  localDate: string
  localTime: string
}

export function targetOf({ vetId, startTime, localDate, localTime }: Slot): MoveTarget {
  return { vetId, startTime, localDate, localTime }
}

/** The problem that the clinic's clock skips the requested time on that day. */
export const skippedHour: unique symbol = Symbol('an hour that the clock skips')
