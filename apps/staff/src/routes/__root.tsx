import { createRootRoute, Outlet } from '@tanstack/react-router'
import { StaffGate } from '../features/access/staff-gate.tsx'

export const Route = createRootRoute({
  component: () => (
    <StaffGate>
      <Outlet />
    </StaffGate>
  ),
})
