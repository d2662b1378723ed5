import type { Client, LoadClinic } from '@vetcita/ops/load/clinic'
import type { Account, BenchDatabase } from './bench-database.ts'

/** Somebody wants this half hour of this vet. */
export type Wish = { clinic: LoadClinic; client: Client; vet: string; start: Date }

/** A way to book, ready to be called by many at once. A refusal is an outcome; whatever is thrown counts as an error. */
export type Booker = { book(wish: Wish): Promise<'booked' | 'refused'>; close(): Promise<void> }

/** The running API, and who is signed in to it. */
export type Api = { url: string; accounts: readonly Account[] }

export type Contender = {
  name: string
  /** Where it works: `before` has no overlap constraint, so that what its own checks let through can be seen. */
  place: 'main' | 'before'
  open(place: BenchDatabase, api: Api): Promise<Booker>
}

export const halfHour = 30 * 60_000

export function endOf(start: Date): Date {
  return new Date(start.getTime() + halfHour)
}
