import { createFileRoute } from '@tanstack/react-router'
import { TimeOffTab } from '../../../features/settings/time-off-tab.tsx'

export const Route = createFileRoute('/$clinic/settings/time-off')({ component: TimeOffTab })
