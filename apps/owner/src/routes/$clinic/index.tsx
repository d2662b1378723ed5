import { createFileRoute } from '@tanstack/react-router'
import { ClinicPage } from '../../features/clinic/clinic-page.tsx'

export const Route = createFileRoute('/$clinic/')({ component: ClinicPage })
