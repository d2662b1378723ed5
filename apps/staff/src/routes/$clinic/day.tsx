import { createFileRoute } from '@tanstack/react-router'
import { DayPage } from '../../features/day/day-page.tsx'

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A real calendar date, else nothing: a mistyped address shows today instead of an error. */
function dateOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !DATE.test(value)) return undefined
  const parsed = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value) ? value : undefined
}

export const Route = createFileRoute('/$clinic/day')({
  validateSearch: (search: Record<string, unknown>): { date?: string } => {
    const date = dateOf(search.date)
    return date === undefined ? {} : { date }
  },
  component: Day,
})

function Day() {
  const { clinic } = Route.useParams()
  const { date } = Route.useSearch()
  return <DayPage key={clinic} clinic={clinic} date={date} />
}
