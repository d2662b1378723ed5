import type { Membership } from '@vetcita/contracts'
import { createContext, use } from 'react'

/** The signed-in member of staff. */
export interface StaffSession {
  user: { id: string; name: string; email: string }
  /** The clinics where they are staff; at least one. */
  clinics: readonly Membership[]
  /** Signs out; resolves with false if the server could not be reached. */
  leave: () => Promise<boolean>
}

export const StaffSessionContext = createContext<StaffSession | null>(null)

/** Returns the signed-in member of staff. Only for components inside `StaffGate`; throws elsewhere. */
export function useStaffSession(): StaffSession {
  const session = use(StaffSessionContext)
  if (session === null) throw new Error('useStaffSession was called outside StaffGate')
  return session
}
