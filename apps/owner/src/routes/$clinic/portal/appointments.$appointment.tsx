import { createFileRoute } from '@tanstack/react-router'
import { AppointmentPage } from '../../../features/appointments/appointment-page.tsx'

export const Route = createFileRoute('/$clinic/portal/appointments/$appointment')({
  component: AppointmentPage,
})
