import type { CartLine, LocalCartItem } from '@vetcita/contracts'
import { createContext, useContext } from 'react'
import type { Merge } from './use-merge.ts'

/** An item that a cart can hold, with what the page that adds it knows; the server knows the rest. */
export interface Item {
  type: LocalCartItem['type']
  id: string
  name?: string
  unitPrice?: number
}

/** A line as it is shown. `stock` is undefined for services and until it is known. */
export type ShownLine = CartLine & { stock: number | undefined }

export interface CartState {
  /** Where it is kept: in the account, or on this device until the user signs in. */
  storage: 'account' | 'device'
  /** Undefined while loading. Names and prices of the device's lines come from the catalogue. */
  lines: readonly ShownLine[] | undefined
  /** The sum of the quantities. */
  count: number
  error: unknown
  refetch: () => void
  quantityOf: (item: Item) => number
  /** Sets the quantity. */
  set: (item: Item, quantity: number) => void
  /** Adds or removes one, up to a limit. Each click counts, even before the page shows the one before it. */
  step: (item: Item, by: 1 | -1, limit: number) => void
  /** Why the last change failed. */
  changeError: unknown
  merge: Merge
}

export const CartContext = createContext<CartState | null>(null)

/** Returns the clinic's cart. Throws outside `CartProvider`. */
export function useCart(): CartState {
  const cart = useContext(CartContext)
  if (cart === null) throw new Error('useCart needs a CartProvider around it')
  return cart
}
