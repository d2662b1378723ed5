import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CartLine, CartResult, SetCartItemResult } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useTRPC, useTRPCClient } from '@vetcita/ui'
import { useState } from 'react'
import type { Item } from './cart.ts'

function changed(lines: readonly CartLine[], item: Item, quantity: number): CartLine[] {
  const isItem = (line: CartLine) => line.type === item.type && line.id === item.id
  if (quantity === 0) return lines.filter((line) => !isItem(line))
  if (lines.some(isItem)) return lines.map((line) => (isItem(line) ? { ...line, quantity } : line))
  const { type, id, name = null, unitPrice = null } = item
  return [...lines, { type, id, name, unitPrice, quantity, available: true }]
}

const keyOf = ({ type, id }: Item) => `${type} ${id}`

/**
 * Changes the account's cart: on screen at once, on the server one call at a time. Of quick clicks on one item only the
 * first and the last are sent, and an answer is shown once no later click is waiting.
 */
export function useSetItem() {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const cartKey = trpc.store.cart.queryKey()
  const mutationKey = trpc.store.setItem.mutationKey()
  /** The requested quantity of each item, until the server has confirmed exactly that. */
  const [requested] = useState(() => new Map<string, number>())
  const [lastAnswer] = useState<{ cart: CartResult | null }>({ cart: null })
  const isLast = () => queryClient.isMutating({ mutationKey }) === 1

  const mutation = useMutation({
    ...retryLostConnection,
    mutationKey,
    scope: { id: 'cart' },
    /** Null if an earlier call has already sent this click's quantity. */
    mutationFn: async (item: Item): Promise<SetCartItemResult | null> => {
      const quantity = requested.get(keyOf(item))
      if (quantity === undefined) return null
      const { type, id } = item
      const result = await client.store.setItem.mutate({ type, id, quantity, mode: 'set' })
      if (requested.get(keyOf(item)) === quantity) requested.delete(keyOf(item))
      return result
    },
    onSuccess: (result) => {
      if (result?.success === true) lastAnswer.cart = result
      if (isLast() && lastAnswer.cart !== null) queryClient.setQueryData(cartKey, lastAnswer.cart)
    },
    onError: (_error, item) => requested.delete(keyOf(item)),
    onSettled: async (result, error) => {
      if (!isLast()) return
      lastAnswer.cart = null
      const hasFailed = error !== null || result?.success === false
      if (hasFailed) await queryClient.invalidateQueries({ queryKey: cartKey })
    },
  })

  function set(item: Item, quantity: number): void {
    const kept = Math.max(0, Math.min(limits.cartQuantity, quantity))
    void queryClient.cancelQueries({ queryKey: cartKey })
    queryClient.setQueryData(cartKey, (now: CartResult | undefined) =>
      now?.success === true ? { ...now, items: changed(now.items, item, kept) } : now,
    )
    requested.set(keyOf(item), kept)
    mutation.mutate(item)
  }

  /** The quantity as of the last click, which the page may not show yet. */
  function quantityNow(item: Item): number {
    const cart = queryClient.getQueryData(cartKey)
    if (cart?.success !== true) return 0
    return cart.items.find((line) => line.type === item.type && line.id === item.id)?.quantity ?? 0
  }

  const refusal = mutation.data?.success === false ? mutation.data : null
  return {
    set,
    quantityNow,
    error: mutation.error ?? refusal,
    /** False while clicks are being sent: a read would show the quantities before them. */
    isSettled: () => queryClient.isMutating({ mutationKey }) === 0,
  }
}
