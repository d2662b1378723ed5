import { Alert } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSchedule } from '../../appointment/use-schedule.ts'
import { AppointmentDesk } from '../../features/appointment/appointment-desk.tsx'
import { BookingDialog } from '../../features/booking/booking-dialog.tsx'
import type { Booked } from '../../features/booking/use-staff-booking.ts'
import { CalendarPage, type Vacancy } from '../../features/calendar/calendar-page.tsx'
import { addressOf, type CalendarPlace } from '../../features/calendar/calendar-toolbar.tsx'
import { Freshness } from '../../session/freshness.tsx'

interface CalendarRouteProps {
  place: CalendarPlace
  /** The appointment that the address says is open. */
  open: string | undefined
}

/** A day or a week with everything around it. */
export function CalendarRoute({ place, open }: CalendarRouteProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const navigate = useNavigate()
  const [vacancy, setVacancy] = useState<Vacancy | null>(null)
  const [booked, setBooked] = useState<Booked | null>(null)
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
        <>
          <div role="status">
            {booked === null ? null : (
              <Alert
                color="green"
                icon={<IconCheck aria-hidden />}
                withCloseButton
                closeButtonLabel={t('ui:states.close')}
                onClose={() => setBooked(null)}
              >
                {t('booking.booked', {
                  pet: booked.pet,
                  date: formatDate(dateOf(booked.result.startTime), 'long', language),
                  time: timeOf(booked.result.startTime),
                })}
              </Alert>
            )}
          </div>
          <CalendarPage
            place={place}
            schedule={data}
            error={error}
            onRetry={() => refetch()}
            desk={desk}
            onBook={(next) => {
              setBooked(null)
              setVacancy(next)
            }}
            freshness={<Freshness asOf={data?.now} isError={isError} onRefresh={() => refetch()} />}
          />
          {vacancy === null || data === undefined ? null : (
            <BookingDialog
              at={{
                vetId: vacancy.vetId,
                date: vacancy.start?.slice(0, 10) ?? firstFrom(data.date, data.today),
                time: vacancy.start?.slice(11),
              }}
              onClose={() => setVacancy(null)}
              onBooked={(made) => {
                setVacancy(null)
                setBooked(made)
                const isShown = data.days.some(({ date }) => date === dateOf(made.result.startTime))
                if (!isShown) navigate(addressOf({ ...place, date: dateOf(made.result.startTime) }))
              }}
            />
          )}
        </>
      )}
    </AppointmentDesk>
  )
}

/** Nothing is booked in the past: the day shown, or today. */
function firstFrom(shown: string, today: string): string {
  return shown > today ? shown : today
}
