import { cart, mergeCartErrorCodes, mergeCartSuccess, setCartItemErrorCodes } from '@vetcita/contracts'
import { defineFunction } from '../sql/define-function.ts'

const customer = { p_tenant_id: 'tenantId', p_customer_id: 'userId' } as const

/**
 * Merges a cart into the stored one: the larger quantity of each item wins, so merging again changes nothing, and merging
 * no items reads the cart.
 */
export const mergeCart = defineFunction({
  name: 'merge_cart_atomic',
  actor: customer,
  args: { newItems: 'jsonb' },
  answer: mergeCartSuccess,
  codes: mergeCartErrorCodes,
})

/** Sets the quantity of one line of the cart (0 removes it), or adds to it. */
export const setCartItem = defineFunction({
  name: 'set_cart_item_atomic',
  actor: customer,
  args: { type: 'text', id: 'uuid', quantity: 'integer', mode: 'text' },
  answer: cart,
  codes: setCartItemErrorCodes,
})
