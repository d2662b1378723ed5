import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CartLine, CartResult, SetCartItemInput } from '@vetcita/contracts'
import { MAX_QUANTITY, retryLostConnection, useTRPC } from '@vetcita/ui'
import type { Item } from './cart-context.tsx'

function changed(lines: readonly CartLine[], item: Item, quantity: number): CartLine[] {
  const isItem = (line: CartLine) => line.type === item.type && line.id === item.id
  if (quantity === 0) return lines.filter((line) => !isItem(line))
  if (lines.some(isItem)) return lines.map((line) => (isItem(line) ? { ...line, quantity } : line))
  return [...lines, { ...item, quantity, name: null, unitPrice: null, available: true }]
}

/**
 * Changes the account's cart: on screen at once, on the server one call after the other, so that quick clicks end at
 * the last number. The server's answer counts once no later click is waiting.
 */
export function useSetItem() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const cartKey = trpc.store.cart.queryKey()
  const mutationKey = trpc.store.setItem.mutationKey()
  const isLast = () => queryClient.isMutating({ mutationKey }) === 1
  const mutation = useMutation(
    trpc.store.setItem.mutationOptions({
      ...retryLostConnection,
      scope: { id: 'cart' },
      onSuccess: (result) => {
        if (isLast() && result.success) queryClient.setQueryData(cartKey, result)
      },
      onSettled: async (result, error) => {
        const hasFailed = error !== null || result?.success === false
        if (isLast() && hasFailed) await queryClient.invalidateQueries({ queryKey: cartKey })
      },
    }),
  )

  function set(item: Item, quantity: number): void {
    const kept = Math.max(0, Math.min(MAX_QUANTITY, quantity))
    void queryClient.cancelQueries({ queryKey: cartKey })
    queryClient.setQueryData(cartKey, (now: CartResult | undefined) =>
      now?.success === true ? { ...now, items: changed(now.items, item, kept) } : now,
    )
    const input: SetCartItemInput = { type: item.type, id: item.id, quantity: kept, mode: 'set' }
    mutation.mutate(input)
  }

  const refusal = mutation.data?.success === false ? mutation.data : null
  return { set, error: mutation.error ?? refusal }
}
