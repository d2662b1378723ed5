import { type QueryFilters, useQueryClient } from '@tanstack/react-query'

/**
 * Returns an `onSuccess` for mutations: refetches the queries that the change may have touched, then calls `onSaved`
 * unless the change was refused.
 */
export function useSaved(onSaved: () => void, ...touched: readonly QueryFilters[]) {
  const queryClient = useQueryClient()
  return async ({ success }: { success: boolean }) => {
    await Promise.all(touched.map((filter) => queryClient.invalidateQueries(filter)))
    if (success) onSaved()
  }
}
