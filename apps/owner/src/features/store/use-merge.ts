import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CartChanges, CartResult } from '@vetcita/contracts'
import { type LocalCart, type LocalLine, retryLostConnection, useTRPC } from '@vetcita/ui'
import { useEffect } from 'react'

export interface Merge {
  isPending: boolean
  /** What the server did with the lines of this device; undefined until it has. */
  changes: CartChanges | undefined
  /** How an item of this device was called; undefined where it was not among what was sent. */
  nameOf: (id: string) => string | undefined
  hasFailed: boolean
  again: () => void
  dismiss: () => void
}

/**
 * Carries the device's cart into the account as soon as somebody is signed in, and forgets it here only after the
 * server's yes. Killed in between, the next load sends the same lines again, which changes nothing.
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
