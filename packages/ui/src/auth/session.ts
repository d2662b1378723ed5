import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Me, Membership } from '@vetcita/contracts'
import { useTRPC } from '../api/trpc.tsx'
import { signOut } from './auth-client.ts'

export interface Session {
  /** Null for a visitor; undefined until the first answer. */
  user: Me['user'] | undefined
  /** The clinics at which the user has a profile, each with the role. */
  clinics: readonly Membership[]
  error: unknown
  /** Refetches the session and everything that was read before; call it after signing in or joining. */
  refresh: () => Promise<void>
  /** Signs out and forgets everything that was read as this user; false if the server could not be reached. */
  leave: () => Promise<boolean>
}

/** Returns who is signed in on this device, as the server reports it: scripts cannot read the cookie. */
export function useSession(): Session {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const me = useQuery(trpc.session.me.queryOptions(undefined, { staleTime: 60_000 }))
  return {
    user: me.data?.user,
    clinics: me.data?.clinics ?? [],
    error: me.error,
    refresh: () => queryClient.invalidateQueries(),
    leave: async () => {
      if ((await signOut()) !== null) return false
      await queryClient.resetQueries()
      return true
    },
  }
}
