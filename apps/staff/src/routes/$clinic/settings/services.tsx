import { createFileRoute } from '@tanstack/react-router'
import { ServicesTab } from '../../../features/settings/services-tab.tsx'
import { useClinic } from '../../../session/use-clinic.ts'

export const Route = createFileRoute('/$clinic/settings/services')({ component: Services })

function Services() {
  const clinic = useClinic()
  return clinic === undefined ? null : <ServicesTab currency={clinic.currency} />
}
