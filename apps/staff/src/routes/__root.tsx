import { createRootRoute, Outlet, useMatches } from '@tanstack/react-router'
import { StaffGate } from '../features/access/staff-gate.tsx'

export const Route = createRootRoute({ component: Root })

/** Whoever follows an invitation is not of the staff yet; everybody else comes through the gate. */
function Root() {
  // of the page that is shown, not of the address: the two part for a moment on the way to another page
  const isInvited = useMatches({
    select: (matches) => matches.some(({ routeId }) => routeId === '/join/$clinic'),
  })
  if (isInvited) return <Outlet />
  return (
    <StaffGate>
      <Outlet />
    </StaffGate>
  )
}
