import { createFileRoute } from '@tanstack/react-router'
import { HoursTab } from '../../../features/settings/hours-tab.tsx'

export const Route = createFileRoute('/$clinic/settings/hours')({ component: HoursTab })
