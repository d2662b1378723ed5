import type { Slot } from '@vetcita/contracts'

/** The vet and start that an appointment is to be moved to. */
export type MoveTarget = Pick<Slot, 'vetId' | 'startTime'>

/** The problem of a time that the clinic's clock skips on that day. */
export const skippedHour: unique symbol = Symbol('an hour that the clock skips')
