import { createFileRoute } from '@tanstack/react-router'
import { ResetPage } from '../../features/sign-in/reset-page.tsx'

export const Route = createFileRoute('/$clinic/reset-password')({ component: ResetPage })
