import type { Membership } from '@vetcita/contracts'
import { createContext, use } from 'react'

/** Who works here. Everything inside the gate may rely on there being somebody. */
export interface StaffSession {
  user: { id: string; name: string; email: string }
  /** The clinics whose team the person is on; at least one. */
  clinics: readonly Membership[]
  /** Signs out; false when the server could not be reached. */
  leave: () => Promise<boolean>
}

export const StaffSessionContext = createContext<StaffSession | null>(null)

/** The person at work. Only inside the gate, which shows the sign-in page to everybody else. */
export function useStaffSession(): StaffSession {
  const session = use(StaffSessionContext)
  if (session === null) throw new Error('useStaffSession is used outside the gate')
  return session
}
