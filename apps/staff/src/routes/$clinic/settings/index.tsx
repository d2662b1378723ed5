import { createFileRoute, Navigate } from '@tanstack/react-router'
import { useStaffSession } from '../../../session/staff-session.ts'

export const Route = createFileRoute('/$clinic/settings/')({ component: FirstTab })

/** Opens the first section that the user may see. */
function FirstTab() {
  const params = Route.useParams()
  const { clinics } = useStaffSession()
  const isAdmin = clinics.find(({ id }) => id === params.clinic)?.role === 'admin'
  return (
    <Navigate
      to={isAdmin ? '/$clinic/settings/services' : '/$clinic/settings/time-off'}
      params={params}
      replace
    />
  )
}
