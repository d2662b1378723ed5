import { createFileRoute } from '@tanstack/react-router'
import { StaffTab } from '../../../features/settings/staff-tab.tsx'

export const Route = createFileRoute('/$clinic/settings/staff')({ component: Staff })

function Staff() {
  return <StaffTab clinic={Route.useParams().clinic} />
}
