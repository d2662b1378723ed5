import { createFileRoute, Outlet } from '@tanstack/react-router'
import { SettingsFrame } from '../../../features/settings/settings-frame.tsx'
import { useStaffSession } from '../../../session/staff-session.ts'

export const Route = createFileRoute('/$clinic/settings')({ component: Settings })

function Settings() {
  const { clinic } = Route.useParams()
  const { clinics } = useStaffSession()
  return (
    <SettingsFrame clinic={clinic} role={clinics.find(({ id }) => id === clinic)?.role}>
      <Outlet />
    </SettingsFrame>
  )
}
