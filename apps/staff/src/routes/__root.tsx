import { createRootRoute, Outlet, useMatches } from '@tanstack/react-router'
import { StaffGate } from '../features/access/staff-gate.tsx'

export const Route = createRootRoute({ component: Root })

/** Pages that need no sign-in as staff: an invitation, a forgotten password. */
const OPEN = new Set<string>(['/join/$clinic', '/forgot-password'])

/** Puts every page but the open ones behind the gate. */
function Root() {
  // by the matched routes, because the address changes a moment before the page
  const isOpen = useMatches({ select: (matches) => matches.some(({ routeId }) => OPEN.has(routeId)) })
  if (isOpen) return <Outlet />
  return (
    <StaffGate>
      <Outlet />
    </StaffGate>
  )
}
