import { useMutation } from '@tanstack/react-query'
import type { JoinClinicInput } from '@vetcita/contracts'
import { retryLostConnection, useSession, useTRPC } from '@vetcita/ui'
import { useMembership } from './clinic.tsx'

/**
 * Makes the signed-in user a client of this clinic, unless they are one already, then refetches the session. Safe to
 * call twice. Rejects if the API refuses or cannot be reached.
 */
export function useJoin(): (person?: JoinClinicInput) => Promise<void> {
  const trpc = useTRPC()
  const { refresh } = useSession()
  const isMember = useMembership() === 'member'
  const join = useMutation(trpc.clinic.join.mutationOptions({ ...retryLostConnection }))
  return async (person = {}) => {
    if (isMember) return
    const result = await join.mutateAsync(person)
    if (!result.success) throw new Error(result.message)
    await refresh()
  }
}
