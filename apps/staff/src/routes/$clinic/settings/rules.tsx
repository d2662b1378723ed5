import { createFileRoute } from '@tanstack/react-router'
import { RulesTab } from '../../../features/settings/rules-tab.tsx'

export const Route = createFileRoute('/$clinic/settings/rules')({ component: RulesTab })
