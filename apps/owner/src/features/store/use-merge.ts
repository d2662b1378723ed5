import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CartChanges, CartResult } from '@vetcita/contracts'
import { type LocalCart, type LocalLine, retryLostConnection, useTRPC } from '@vetcita/ui'
import { useEffect } from 'react'

export interface Merge {
  isPending: boolean
  /** What the server did with this device's lines; undefined until it has answered. */
  changes: CartChanges | undefined
  /** The name of an item that was sent; undefined for any other. */
  nameOf: (id: string) => string | undefined
  hasFailed: boolean
  again: () => void
  dismiss: () => void
}

/**
 * Merges the device's cart into the account as soon as the user is signed in, and removes it here only after the server
 * has confirmed. If the page is closed in between, the next load sends the same lines again, which changes nothing.
 */
export function useMerge(local: LocalCart, items: readonly LocalLine[], isMember: boolean): Merge {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const merge = useMutation(
    trpc.store.mergeCart.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result, sent) => {
        if (!result.success) return
        const merged: CartResult = { success: true, items: result.items, itemCount: result.itemCount }
        await queryClient.cancelQueries({ queryKey: trpc.store.cart.queryKey() })
        queryClient.setQueryData(trpc.store.cart.queryKey(), () => merged)
        local.forget(sent.items)
      },
    }),
  )
  const { mutate, isPending, isError, data } = merge
  const isRefused = data?.success === false
  const mustSend = isMember && items.length > 0 && !isPending && !isError && !isRefused
  useEffect(() => {
    if (mustSend) mutate({ items: [...items] })
  }, [mustSend, items, mutate])
  const sent: readonly LocalLine[] = merge.variables?.items ?? []
  return {
    isPending,
    changes: data?.success === true ? data.changes : undefined,
    nameOf: (id) => sent.find((line) => line.id === id)?.name,
    hasFailed: (isError || isRefused) && items.length > 0,
    again: () => merge.mutate({ items: [...items] }),
    dismiss: merge.reset,
  }
}
