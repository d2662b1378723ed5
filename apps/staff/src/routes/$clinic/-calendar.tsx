import { useNavigate } from '@tanstack/react-router'
import { AppointmentDesk } from '../../features/appointment/appointment-desk.tsx'
import { CalendarPage } from '../../features/calendar/calendar-page.tsx'
import { addressOf, type CalendarPlace } from '../../features/calendar/calendar-toolbar.tsx'
import { Freshness } from '../../lib/freshness.tsx'
import { useSchedule } from '../../lib/use-schedule.ts'

interface CalendarRouteProps {
  place: CalendarPlace
  /** The appointment that the address says is open. */
  open: string | undefined
}

/** A day or a week with everything around it. */
export function CalendarRoute({ place, open }: CalendarRouteProps) {
  const navigate = useNavigate()
  const { data, error, isError, refetch } = useSchedule(place)
  return (
    <AppointmentDesk
      clinic={place.clinic}
      schedule={data}
      openId={open}
      onOpen={(id) => {
        const { search, ...address } = addressOf(place)
        navigate({ ...address, search: id === undefined ? search : { ...search, open: id }, replace: true })
      }}
    >
      {(desk) => (
        <CalendarPage
          place={place}
          schedule={data}
          error={error}
          onRetry={() => refetch()}
          desk={desk}
          onBook={null}
          freshness={<Freshness asOf={data?.now} isError={isError} onRefresh={() => refetch()} />}
        />
      )}
    </AppointmentDesk>
  )
}
