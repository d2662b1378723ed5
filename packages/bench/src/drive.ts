import type { LoadClinic } from '@vetcita/ops/load/clinic'
import { type Booker, type BookingRequest, halfHour } from './contender.ts'

/** The outcomes of a run; `perSecond` counts bookings. */
export type Driven = { booked: number; refused: number; errors: number; seconds: number; perSecond: number }

/** Midnight UTC two days from now, constant during a run. */
export const firstDay = new Date(Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000)

/**
 * Returns a function that gives the next request at a clinic: one vet after another, half hour after half hour. Every
 * tenth repeats the one before it for another client, so that concurrent callers compete.
 */
export function requests(clinic: LoadClinic, vets = clinic.vets): () => BookingRequest {
  let made = 0
  return () => {
    const at = made
    made += 1
    const slot = at - Math.floor(at / 10) - (at % 10 === 9 ? 1 : 0)
    const vet = vets[slot % vets.length]
    const client = clinic.clients[at % clinic.clients.length]
    if (vet === undefined || client === undefined) throw new Error('The clinic has no vets or clients')
    const start = new Date(firstDay.getTime() + Math.floor(slot / vets.length) * halfHour)
    return { clinic, client, vet, start }
  }
}

/** Lets `callers` book for that long, each one request after another. */
export async function drive(
  booker: Booker,
  next: () => BookingRequest,
  callers: number,
  milliseconds: number,
): Promise<Driven> {
  const counts = { booked: 0, refused: 0, errors: 0 }
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - begun < milliseconds) {
        try {
          counts[await booker.book(next())] += 1
        } catch {
          counts.errors += 1
        }
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  return { ...counts, seconds, perSecond: counts.booked / seconds }
}
