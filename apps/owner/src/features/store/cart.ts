import type { CartLine, LocalCartItem } from '@vetcita/contracts'
import { createContext, useContext } from 'react'
import type { Merge } from './use-merge.ts'

/** What a cart holds one of, with what is known of it where it is put in: the server tells the rest. */
export interface Item {
  type: LocalCartItem['type']
  id: string
  name?: string
  unitPrice?: number
}

/** A line as it is shown. `stock` is undefined for services and until it is known. */
export type ShownLine = CartLine & { stock: number | undefined }

export interface CartState {
  /** Where it is kept: in the account, or on this device until somebody signs in. */
  place: 'account' | 'device'
  /** Undefined until it is known. Names and prices of a device's lines come from the catalogue. */
  lines: readonly ShownLine[] | undefined
  /** How many pieces it holds. */
  count: number
  error: unknown
  refetch: () => void
  quantityOf: (item: Item) => number
  /** Makes the quantity so. */
  set: (item: Item, quantity: number) => void
  /** One more or one less, up to a limit. Each click counts, however many come before the page shows the first. */
  step: (item: Item, by: 1 | -1, limit: number) => void
  /** Why the last change was not kept. */
  changeError: unknown
  merge: Merge
}

export const CartContext = createContext<CartState | null>(null)

/** The cart of the clinic's pages. Only inside `CartProvider`. */
export function useCart(): CartState {
  const cart = useContext(CartContext)
  if (cart === null) throw new Error('useCart needs a CartProvider around it')
  return cart
}
