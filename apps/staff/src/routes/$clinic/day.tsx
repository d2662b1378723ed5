import { createFileRoute } from '@tanstack/react-router'
import { CalendarRoute } from './-calendar.tsx'
import { dateParam, idParam } from './-search.ts'

export const Route = createFileRoute('/$clinic/day')({
  validateSearch: (search: Record<string, unknown>): { date?: string; open?: string } => {
    const date = dateParam(search.date)
    const open = idParam(search.open)
    return { ...(date === undefined ? {} : { date }), ...(open === undefined ? {} : { open }) }
  },
  component: Day,
})

function Day() {
  const { clinic } = Route.useParams()
  const { date, open } = Route.useSearch()
  return <CalendarRoute key={clinic} place={{ clinic, view: 'day', date, vetId: undefined }} open={open} />
}
