import { createFileRoute } from '@tanstack/react-router'
import { BookingPage } from '../../features/booking/booking-page.tsx'
import { parseChoice } from '../../features/booking/choice.ts'

export const Route = createFileRoute('/$clinic/book')({
  validateSearch: parseChoice,
  component: BookingPage,
})
