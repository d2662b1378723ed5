import { type Cart, type CartChanges, type CartLine, itemType } from '@vetcita/contracts'
import { z } from 'zod'

const line = z.object({
  type: itemType,
  id: z.string(),
  name: z.string().nullable(),
  quantity: z.int(),
  unit_price: z.number().nullable(),
  available: z.boolean(),
})

const change = z.object({ type: itemType, id: z.string(), quantity: z.int() })

const changes = z.object({
  added: z.array(change),
  raised: z.array(change),
  unchanged: z.array(change),
  rejected: z.array(change.extend({ reason: z.string() })),
})

/** How both cart functions say yes. */
export const cartOutcome = z.object({
  success: z.literal(true),
  items: z.array(line),
  item_count: z.int(),
  changes: changes.optional(),
})

export function toCart(outcome: z.output<typeof cartOutcome>): Cart & { changes?: CartChanges } {
  return {
    success: true,
    items: outcome.items.map(toLine),
    itemCount: outcome.item_count,
    ...(outcome.changes === undefined ? {} : { changes: outcome.changes }),
  }
}

function toLine(row: z.output<typeof line>): CartLine {
  const { unit_price, ...rest } = row
  return { ...rest, unitPrice: unit_price }
}
