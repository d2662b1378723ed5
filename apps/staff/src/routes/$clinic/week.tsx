import { createFileRoute } from '@tanstack/react-router'
import { CalendarRoute } from './-calendar.tsx'
import { dateParam, idParam } from './-search.ts'

export const Route = createFileRoute('/$clinic/week')({
  validateSearch: (search: Record<string, unknown>): { date?: string; vet?: string; open?: string } => {
    const date = dateParam(search.date)
    const vet = idParam(search.vet)
    const open = idParam(search.open)
    return {
      ...(date === undefined ? {} : { date }),
      ...(vet === undefined ? {} : { vet }),
      ...(open === undefined ? {} : { open }),
    }
  },
  component: Week,
})

function Week() {
  const { clinic } = Route.useParams()
  const { date, vet, open } = Route.useSearch()
  return <CalendarRoute key={clinic} place={{ clinic, view: 'week', date, vetId: vet }} open={open} />
}
