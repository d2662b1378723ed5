import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { CartLine } from '@vetcita/contracts'
import { createLocalCart, type LocalCart, type LocalLine, useTRPC } from '@vetcita/ui'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import { useClinic, useMembership } from '../../session/clinic.tsx'
import { CartContext, type CartState, type Item, type ShownLine } from './cart.ts'
import { useMerge } from './use-merge.ts'
import { useSetItem } from './use-set-item.ts'

function useDeviceLines(local: LocalCart): readonly LocalLine[] {
  return useSyncExternalStore(local.subscribe, local.read)
}

/** Provides the clinic's cart, kept on the device or in the account; merges the former into the latter on sign-in. */
export function CartProvider({ children }: { children: ReactNode }) {
  const clinic = useClinic()
  const trpc = useTRPC()
  const isMember = useMembership() === 'member'
  const local = useMemo(() => createLocalCart(clinic.id), [clinic.id])
  const deviceItems = useDeviceLines(local)
  const merge = useMerge(local, deviceItems, isMember)
  const setItem = useSetItem()
  const account = useQuery(
    trpc.store.cart.queryOptions(undefined, {
      enabled: isMember,
      // two tabs or devices agree as soon as the user looks at one
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
    storage: isMember ? 'account' : 'device',
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

/** Looks up the current name, price and stock of items: products in the store, services in the clinic. */
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
    /** There is something to show: of a line that was just added, at least the name. */
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
