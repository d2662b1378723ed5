import { createFileRoute } from '@tanstack/react-router'
import { LoginPage } from '../../features/sign-in/login-page.tsx'
import { parseBack } from '../../session/back.ts'

export const Route = createFileRoute('/$clinic/login')({ validateSearch: parseBack, component: LoginPage })
