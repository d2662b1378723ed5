import { createFileRoute, Navigate } from '@tanstack/react-router'
import { lastClinic } from '../session/last-clinic.ts'
import { useStaffSession } from '../session/staff-session.ts'

export const Route = createFileRoute('/')({ component: Entrance })

/** Straight to the day: of the clinic seen last on this device, else of the first. */
function Entrance() {
  const { clinics } = useStaffSession()
  const last = lastClinic()
  const clinic = clinics.find(({ id }) => id === last) ?? clinics[0]
  return clinic === undefined ? null : <Navigate to="/$clinic/day" params={{ clinic: clinic.id }} replace />
}
