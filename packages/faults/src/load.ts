import { setTimeout as sleep } from 'node:timers/promises'
import { adris } from '@vetcita/testing/seeded-clinics'
import type { Session } from './api-client.ts'
import { type Change, type Ledger, send } from './ledger.ts'
import { booking, slot } from './stage.ts'

/** A pet owner who books, moves and fills a cart. */
export type Client = { session: Session; customerId: string; petId: string }

/**
 * Returns a function that gives each slot once: sixteen a day from the fifth day on, each day with the other of two vets,
 * so that no pet is to be in two places.
 */
export function slotSource(): () => { n: number; day: number; vetId: string } {
  let taken = 0
  return () => {
    const at = taken
    taken += 1
    return { n: at % 16, day: 5 + Math.floor(at / 16), vetId: at % 32 < 16 ? adris.vet : adris.otherVet }
  }
}

let keys = 0

/** Books, moves the booking and merges the cart, over and over while `going()`, and notes every reply. */
export async function work(
  client: Client,
  nextSlot: ReturnType<typeof slotSource>,
  ledger: Ledger,
  going: () => boolean,
): Promise<void> {
  const { session, customerId, petId } = client
  const attempt = async (change: Change) => {
    const reply = await send(change)
    ledger.note(change, reply)
    // like the apps, a client that may retry waits first
    if (reply.kind !== 'answer') await sleep(150)
    return reply
  }
  while (going()) {
    keys += 1
    const key = `load-key-${keys}`
    const { n, day, vetId } = nextSlot()
    const booked = await attempt({
      kind: 'book',
      session,
      customerId,
      key,
      input: booking(petId, n, key, day, vetId),
    })
    if (booked.kind === 'answer' && typeof booked.data.appointmentId === 'string' && going()) {
      // with the same vet, since only the start is checked later
      let to = nextSlot()
      while (to.vetId !== vetId) to = nextSlot()
      const from = slot(n, day)
      await attempt({
        kind: 'move',
        session,
        customerId,
        appointmentId: booked.data.appointmentId,
        from,
        to: slot(to.n, to.day),
      })
    }
    const held = ledger.cartLines.get(`${customerId} ${adris.food}`)?.quantity ?? 0
    const isOpen = ledger.unanswered.some((one) => one.kind === 'merge' && one.customerId === customerId)
    // one unanswered merge at a time: a second with a larger quantity would hide whether the first took effect
    if (going() && !isOpen && held < 99)
      await attempt({
        kind: 'merge',
        session,
        customerId,
        productId: adris.food,
        quantity: held + 1,
      })
  }
}
