import { createFileRoute } from '@tanstack/react-router'
import { useSchedule } from '../../appointment/use-schedule.ts'
import { AppointmentDialogs } from '../../features/appointment/appointment-dialogs.tsx'
import { TodayPage } from '../../features/today/today-page.tsx'
import { Freshness } from '../../session/freshness.tsx'
import { useStaffSession } from '../../session/staff-session.ts'
import { idParam } from './-search.ts'

export const Route = createFileRoute('/$clinic/today')({
  validateSearch: (search: Record<string, unknown>): { open?: string } => {
    const open = idParam(search.open)
    return open === undefined ? {} : { open }
  },
  component: Today,
})

function Today() {
  const { clinic } = Route.useParams()
  const { open } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { user } = useStaffSession()
  const { data, error, isError, refetch } = useSchedule({ view: 'day', date: undefined, vetId: undefined })
  return (
    <AppointmentDialogs
      key={clinic}
      clinic={clinic}
      schedule={data}
      openId={open}
      onOpen={(id) => navigate({ search: id === undefined ? {} : { open: id }, replace: true })}
    >
      {(controls) => (
        <TodayPage
          schedule={data}
          error={error}
          onRetry={() => refetch()}
          controls={controls}
          freshness={<Freshness asOf={data?.now} isError={isError} onRefresh={() => refetch()} />}
          userId={user.id}
        />
      )}
    </AppointmentDialogs>
  )
}
