import { createFileRoute } from '@tanstack/react-router'
import { ForgotPage } from '../../features/sign-in/forgot-page.tsx'

export const Route = createFileRoute('/$clinic/forgot-password')({ component: ForgotPage })
