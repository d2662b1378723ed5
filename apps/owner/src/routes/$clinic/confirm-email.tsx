import { createFileRoute } from '@tanstack/react-router'
import { ConfirmPage } from '../../features/sign-in/confirm-page.tsx'

export const Route = createFileRoute('/$clinic/confirm-email')({ component: ConfirmPage })
