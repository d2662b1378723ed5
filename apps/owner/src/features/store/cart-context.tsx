import { useQuery } from '@tanstack/react-query'
import type { CartLine, LocalCartItem } from '@vetcita/contracts'
import { createLocalCart, type LocalCart, useTRPC } from '@vetcita/ui'
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react'
import { useClinic, useStanding } from '../../lib/clinic.tsx'
import { type Merge, useMerge } from './use-merge.ts'
import { useSetItem } from './use-set-item.ts'

/** What a cart holds one of: enough to add it before the server has told its name. */
export interface Item {
  type: LocalCartItem['type']
  id: string
}

export interface CartState {
  /** Where it is kept: in the account, or on this device until somebody signs in. */
  place: 'account' | 'device'
  /** Undefined until it is known. Names and prices of a device's lines come from the catalogue. */
  lines: readonly CartLine[] | undefined
  error: unknown
  refetch: () => void
  quantityOf: (item: Item) => number
  /** Makes the quantity so; clicks in a row end at the last number. */
  set: (item: Item, quantity: number) => void
  /** Why the last change was not kept. */
  changeError: unknown
  merge: Merge
}

const CartContext = createContext<CartState | null>(null)

/** The cart of the clinic's pages. Only inside `CartProvider`. */
export function useCart(): CartState {
  const cart = useContext(CartContext)
  if (cart === null) throw new Error('useCart needs a CartProvider around it')
  return cart
}

function useDeviceLines(local: LocalCart): readonly LocalCartItem[] {
  return useSyncExternalStore(local.subscribe, local.read)
}

/** Keeps one cart per clinic, on the device or in the account, and carries the one into the other on sign-in. */
export function CartProvider({ children }: { children: ReactNode }) {
  const clinic = useClinic()
  const trpc = useTRPC()
  const isMember = useStanding() === 'member'
  const local = useMemo(() => createLocalCart(clinic.id), [clinic.id])
  const deviceItems = useDeviceLines(local)
  const merge = useMerge(local, deviceItems, isMember)
  const account = useQuery(trpc.store.cart.queryOptions(undefined, { enabled: isMember }))
  const products = useQuery(
    trpc.store.products.queryOptions(undefined, { enabled: !isMember && deviceItems.length > 0 }),
  )
  const setItem = useSetItem()

  const accountLines = account.data?.success === true ? account.data.items : undefined
  const catalogue = products.data?.products
  const deviceLines = deviceItems.map((item): CartLine => {
    const product = catalogue?.find(({ id }) => id === item.id)
    return {
      ...item,
      name: product?.name ?? null,
      unitPrice: product?.price ?? null,
      available: catalogue === undefined || product !== undefined,
    }
  })
  const isDeviceReady = deviceItems.length === 0 || catalogue !== undefined
  const held: readonly LocalCartItem[] = isMember ? (accountLines ?? []) : deviceItems
  const refused = account.data?.success === false ? account.data : null
  const state: CartState = {
    place: isMember ? 'account' : 'device',
    lines: isMember ? accountLines : isDeviceReady ? deviceLines : undefined,
    error: isMember ? (account.error ?? refused) : products.error,
    refetch: () => void (isMember ? account.refetch() : products.refetch()),
    quantityOf: (item) => held.find((line) => line.type === item.type && line.id === item.id)?.quantity ?? 0,
    set: isMember ? setItem.set : local.set,
    changeError: isMember ? setItem.error : null,
    merge,
  }
  return <CartContext value={state}>{children}</CartContext>
}

/** How many pieces the cart holds, for the navigation. */
export function CartCount() {
  const { lines } = useCart()
  const count = (lines ?? []).reduce((sum, line) => sum + line.quantity, 0)
  return count === 0 ? null : <span className="count">{count}</span>
}
