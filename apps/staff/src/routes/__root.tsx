import { createRootRoute, Outlet, useMatchRoute } from '@tanstack/react-router'
import { StaffGate } from '../features/access/staff-gate.tsx'

export const Route = createRootRoute({ component: Root })

/** Whoever follows an invitation is not of the staff yet; everybody else comes through the gate. */
function Root() {
  const isInvited = useMatchRoute()({ to: '/join/$clinic' }) !== false
  if (isInvited) return <Outlet />
  return (
    <StaffGate>
      <Outlet />
    </StaffGate>
  )
}
