import { createFileRoute } from '@tanstack/react-router'
import { ForgotPage } from '../../features/sign-in/forgot-page.tsx'
import { parseBack } from '../../session/back.ts'

export const Route = createFileRoute('/$clinic/forgot-password')({
  validateSearch: parseBack,
  component: ForgotPage,
})
