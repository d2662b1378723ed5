import {
  type Cart,
  type ItemType,
  type SetCartItemErrorCode,
  setCartItemErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'
import { cartOutcome, toCart } from './cart-outcome.ts'

export type CartItemChange = {
  tenantId: string
  customerId: string
  type: ItemType
  id: string
  quantity: number
  /** `set` makes it so (0 removes), `add` is a signed step. */
  mode: 'set' | 'add'
}

export type SetCartItemOutcome = Cart | Refusal<SetCartItemErrorCode>

const row = z.object({ outcome: z.union([cartOutcome, refusal(setCartItemErrorCodes)]) })

/** Changes one line of the cart through `set_cart_item_atomic`, in one round trip. */
export async function setCartItem(db: Database, change: CartItemChange): Promise<SetCartItemOutcome> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select set_cart_item_atomic(
        ${change.customerId}::uuid, ${change.tenantId}::text, ${change.type}::text, ${change.id}::uuid,
        ${change.quantity}::integer, ${change.mode}::text
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  return outcome.success ? toCart(outcome) : outcome
}
