import { createFileRoute } from '@tanstack/react-router'
import { ClinicList } from '../features/clinic/clinic-list.tsx'

export const Route = createFileRoute('/')({ component: ClinicList })
