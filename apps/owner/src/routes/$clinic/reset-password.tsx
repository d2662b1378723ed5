import { createFileRoute } from '@tanstack/react-router'
import { ResetPage } from '../../features/sign-in/reset-page.tsx'

export const Route = createFileRoute('/$clinic/reset-password')({
  // a reset requested in the staff app leads back there
  validateSearch: (search: Record<string, unknown>): { for?: 'staff' } =>
    search.for === 'staff' ? { for: 'staff' } : {},
  component: ResetPage,
})
