import type { Client, LoadClinic } from '@vetcita/ops/load/clinic'
import type { Account, BenchDatabase } from './bench-database.ts'

/** A client's request for a half hour of a vet. */
export type BookingRequest = { clinic: LoadClinic; client: Client; vet: string; start: Date }

/** A way to book that may be called concurrently. A refusal is an outcome; anything thrown counts as an error. */
export type Booker = { book(request: BookingRequest): Promise<'booked' | 'refused'>; close(): Promise<void> }

/** The running API and its signed-in accounts. */
export type Api = { url: string; accounts: readonly Account[] }

export type Contender = {
  name: string
  /** Its database: `before` has no overlap constraint, so that double bookings that its own checks allow are visible. */
  place: 'main' | 'before'
  open(place: BenchDatabase, api: Api): Promise<Booker>
}

export const halfHour = 30 * 60_000

export function endOf(start: Date): Date {
  return new Date(start.getTime() + halfHour)
}
