import { createFileRoute } from '@tanstack/react-router'
import { ClosuresTab } from '../../../features/settings/closures-tab.tsx'
import { useClinic } from '../../../session/use-clinic.ts'

export const Route = createFileRoute('/$clinic/settings/closures')({ component: Closures })

function Closures() {
  return <ClosuresTab today={useClinic()?.today} />
}
