import type { Slot } from '@vetcita/contracts'

/** The vet and time to move an appointment to. */
export type MoveTarget = Pick<Slot, 'vetId' | 'startTime'>

/** The problem that the clinic's clock skips the requested time on that day. */
export const skippedHour: unique symbol = Symbol('an hour that the clock skips')
