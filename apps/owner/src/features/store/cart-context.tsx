import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { CartLine, LocalCartItem } from '@vetcita/contracts'
import { createLocalCart, type LocalCart, type LocalLine, useTRPC } from '@vetcita/ui'
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react'
import { useClinic, useStanding } from '../../session/clinic.tsx'
import { type Merge, useMerge } from './use-merge.ts'
import { useSetItem } from './use-set-item.ts'

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

const CartContext = createContext<CartState | null>(null)

/** The cart of the clinic's pages. Only inside `CartProvider`. */
export function useCart(): CartState {
  const cart = useContext(CartContext)
  if (cart === null) throw new Error('useCart needs a CartProvider around it')
  return cart
}

function useDeviceLines(local: LocalCart): readonly LocalLine[] {
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
  const setItem = useSetItem()
  const account = useQuery(
    trpc.store.cart.queryOptions(undefined, {
      enabled: isMember,
      // two tabs and two devices agree as soon as one looks at them
      refetchOnWindowFocus: () => (setItem.isSettled() ? 'always' : false),
    }),
  )
  const accountLines = account.data?.success === true ? account.data.items : undefined
  const held: readonly LocalLine[] = isMember ? (accountLines ?? []).map(toItem) : deviceItems
  const catalogue = useCatalogue(held)

  const lines = held.map((item): ShownLine => {
    const ofAccount = isMember ? accountLines?.find((line) => isSame(line, item)) : undefined
    const product = catalogue.find(item)
    return {
      type: item.type,
      id: item.id,
      quantity: item.quantity,
      name: ofAccount?.name ?? product?.name ?? item.name ?? null,
      unitPrice: ofAccount?.unitPrice ?? product?.price ?? null,
      available: ofAccount?.available ?? (!catalogue.isKnown || product !== undefined),
      stock: product?.stock,
    }
  })
  const isReady = isMember ? accountLines !== undefined : catalogue.isReadable
  const refused = account.data?.success === false ? account.data : null
  const set = isMember ? setItem.set : local.set
  const quantityNow = (item: Item): number =>
    isMember ? setItem.quantityNow(item) : (local.read().find((line) => isSame(line, item))?.quantity ?? 0)
  const state: CartState = {
    place: isMember ? 'account' : 'device',
    lines: isReady ? lines : undefined,
    count: held.reduce((sum, line) => sum + line.quantity, 0),
    error: isMember ? (account.error ?? refused) : catalogue.error,
    refetch: () => void (isMember ? account.refetch() : catalogue.refetch()),
    quantityOf: (item) => held.find((line) => isSame(line, item))?.quantity ?? 0,
    set,
    step: (item, by, limit) => {
      const now = quantityNow(item)
      if (by === -1 || now < limit) set(item, now + by)
    },
    changeError: isMember ? setItem.error : null,
    merge,
  }
  return <CartContext value={state}>{children}</CartContext>
}

const isSame = (one: Pick<Item, 'type' | 'id'>, other: Pick<Item, 'type' | 'id'>): boolean =>
  one.type === other.type && one.id === other.id

const toItem = ({ type, id, quantity, name }: CartLine): LocalLine => ({
  type,
  id,
  quantity,
  ...(name === null ? {} : { name }),
})

/** What the clinic says of these items now: products from the store, services from the clinic's page. */
function useCatalogue(items: readonly Item[]) {
  const clinic = useClinic()
  const trpc = useTRPC()
  const ids = items
    .filter(({ type }) => type === 'product')
    .map(({ id }) => id)
    .sort()
  const products = useQuery(
    trpc.store.items.queryOptions({ ids }, { enabled: ids.length > 0, placeholderData: keepPreviousData }),
  )
  return {
    /** Something can be shown: of a line that was just added, its name is. */
    isReadable: ids.length === 0 || products.data !== undefined,
    isKnown: ids.length === 0 || (products.data !== undefined && !products.isPlaceholderData),
    error: products.error,
    refetch: products.refetch,
    find: ({ type, id }: Item): { name: string; price: number | null; stock?: number } | undefined =>
      type === 'product'
        ? products.data?.find((product) => product.id === id)
        : clinic.services.find((service) => service.id === id),
  }
}

const MergeNotice = lazy(() => import('./merge-notice.tsx'))

/** Where a merge says what it did; what it says is loaded when there is something. */
export function CartNews() {
  const { isPending, hasFailed, changes } = useCart().merge
  return (
    <div role="status">
      {isPending || hasFailed || changes !== undefined ? (
        <Suspense>
          <MergeNotice />
        </Suspense>
      ) : null}
    </div>
  )
}

/** How many pieces the cart holds, for the navigation. */
export function CartCount() {
  const { count } = useCart()
  return count === 0 ? null : <span className="count">{count}</span>
}
