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
 * Changes the account's cart: on screen at once, on the server one call after the other. Of quick clicks on one item
 * the server hears the first and the last, and what it answers counts once no later click is waiting.
 */
export function useSetItem() {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const cartKey = trpc.store.cart.queryKey()
  const mutationKey = trpc.store.setItem.mutationKey()
  /** What each item is to become, until the server has said yes to just that. */
  const [wanted] = useState(() => new Map<string, number>())
  const [lastAnswer] = useState<{ cart: CartResult | null }>({ cart: null })
  const isLast = () => queryClient.isMutating({ mutationKey }) === 1

  const mutation = useMutation({
    ...retryLostConnection,
    mutationKey,
    scope: { id: 'cart' },
    /** Null where an earlier call has brought this click's wish along. */
    mutationFn: async (item: Item): Promise<SetCartItemResult | null> => {
      const quantity = wanted.get(keyOf(item))
      if (quantity === undefined) return null
      const { type, id } = item
      const result = await client.store.setItem.mutate({ type, id, quantity, mode: 'set' })
      if (wanted.get(keyOf(item)) === quantity) wanted.delete(keyOf(item))
      return result
    },
    onSuccess: (result) => {
      if (result?.success === true) lastAnswer.cart = result
      if (isLast() && lastAnswer.cart !== null) queryClient.setQueryData(cartKey, lastAnswer.cart)
    },
    onError: (_error, item) => wanted.delete(keyOf(item)),
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
    wanted.set(keyOf(item), kept)
    mutation.mutate(item)
  }

  /** How many there are as of the last click, which the page may not have shown yet. */
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
    /** A read that comes now would show what was before the clicks. */
    isSettled: () => queryClient.isMutating({ mutationKey }) === 0,
  }
}
