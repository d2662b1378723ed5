import { useNavigate } from '@tanstack/react-router'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSchedule } from '../../appointment/use-schedule.ts'
import { ResultNotice } from '../../components/result-notice.tsx'
import { AppointmentDialogs } from '../../features/appointment/appointment-dialogs.tsx'
import { BookingDialog } from '../../features/booking/booking-dialog.tsx'
import type { Booked } from '../../features/booking/use-staff-booking.ts'
import { CalendarPage, type Vacancy } from '../../features/calendar/calendar-page.tsx'
import { addressOf, type CalendarPlace } from '../../features/calendar/calendar-toolbar.tsx'
import { Freshness } from '../../session/freshness.tsx'

interface CalendarRouteProps {
  place: CalendarPlace
  /** The appointment to open, by the address. */
  open: string | undefined
}

/** The calendar's page for a day or a week, with its dialogs. */
export function CalendarRoute({ place, open }: CalendarRouteProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const navigate = useNavigate()
  const [vacancy, setVacancy] = useState<Vacancy | null>(null)
  const [booked, setBooked] = useState<Booked | null>(null)
  const { data, error, isError, refetch } = useSchedule(place)
  return (
    <AppointmentDialogs
      clinic={place.clinic}
      schedule={data}
      openId={open}
      onOpen={(id) => {
        const { search, ...address } = addressOf(place)
        navigate({ ...address, search: id === undefined ? search : { ...search, open: id }, replace: true })
      }}
    >
      {(controls) => (
        <>
          <ResultNotice onClose={() => setBooked(null)}>
            {booked === null
              ? null
              : t('booking.booked', {
                  pet: booked.pet,
                  date: formatDate(dateOf(booked.result.startTime), 'long', language),
                  time: timeOf(booked.result.startTime),
                })}
          </ResultNotice>
          <CalendarPage
            place={place}
            schedule={data}
            error={error}
            onRetry={() => refetch()}
            controls={controls}
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
                date: vacancy.start?.slice(0, 10) ?? firstBookable(data.date, data.today),
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
    </AppointmentDialogs>
  )
}

/** Returns the shown date, or today if that is later: nothing is booked in the past. */
function firstBookable(shown: string, today: string): string {
  return shown > today ? shown : today
}
