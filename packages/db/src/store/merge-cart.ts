import {
  type LocalCartItem,
  type MergeCartErrorCode,
  type MergeCartSuccess,
  mergeCartErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'
import { cartOutcome, toCart } from './cart-outcome.ts'

export type CartMerge = { tenantId: string; customerId: string; items: readonly LocalCartItem[] }

export type MergeCartOutcome = MergeCartSuccess | Refusal<MergeCartErrorCode>

const row = z.object({ outcome: z.union([cartOutcome, refusal(mergeCartErrorCodes)]) })

/**
 * Joins a cart into the stored one through `merge_cart_atomic`: per item the larger quantity wins, so merging again
 * changes nothing. Merging no items reads the cart.
 */
export async function mergeCart(db: Database, merge: CartMerge): Promise<MergeCartOutcome> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select merge_cart_atomic(
        ${merge.customerId}::uuid, ${merge.tenantId}::text, ${JSON.stringify(merge.items)}::jsonb
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  return outcome.success ? toCart(outcome) : outcome
}
