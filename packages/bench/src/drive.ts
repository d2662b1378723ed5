import type { LoadClinic } from '@vetcita/ops/load/clinic'
import { type Booker, halfHour, type Wish } from './contender.ts'

/** What callers got in a time. Rates are per second. */
export type Driven = { booked: number; refused: number; errors: number; seconds: number; perSecond: number }

/** A midnight two days from now: bookable, and the same all through a run. */
export const firstDay = new Date(Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000)

/**
 * Wishes for a clinic: one vet after the other, half hour after half hour, and every tenth wish the same as the one
 * before it, by somebody else, so that who books at the same time meets.
 */
export function wishes(clinic: LoadClinic, vets = clinic.vets): () => Wish {
  let made = 0
  return () => {
    const at = made
    made += 1
    const slot = at - Math.floor(at / 10) - (at % 10 === 9 ? 1 : 0)
    const vet = vets[slot % vets.length]
    const client = clinic.clients[at % clinic.clients.length]
    if (vet === undefined || client === undefined) throw new Error('The clinic has nobody')
    const start = new Date(firstDay.getTime() + Math.floor(slot / vets.length) * halfHour)
    return { clinic, client, vet, start }
  }
}

/** Lets so many callers book, one wish after the other, for so long. */
export async function drive(
  booker: Booker,
  next: () => Wish,
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
