import { useQuery } from '@tanstack/react-query'
import { addDays, SlotPicker, useTRPC } from '@vetcita/ui'
import { useClinic } from '../../lib/clinic.tsx'
import { ANY_VET, withSlot } from './choice.ts'
import { useChoice } from './use-choice.ts'

/** Day and time. The week and the day on show are in the URL as well. */
export function TimeStep() {
  const clinic = useClinic()
  const trpc = useTRPC()
  const { choice, go, amend } = useChoice()
  const week = choice.week !== undefined && choice.week > clinic.today ? choice.week : clinic.today
  const search = (from: string) =>
    trpc.slots.available.queryOptions({
      serviceId: choice.service ?? '',
      from,
      to: addDays(from, 6),
      ...(choice.vet === undefined || choice.vet === ANY_VET ? {} : { vetId: choice.vet }),
    })
  const slots = useQuery(search(week))
  // the week after is there before anybody turns the page
  useQuery({ ...search(addDays(week, 7)), enabled: slots.isSuccess, notifyOnChangeProps: [] })
  return (
    <SlotPicker
      week={week}
      today={clinic.today}
      timeZone={clinic.timeZone}
      day={choice.day}
      slots={slots.data?.slots}
      selected={choice.time}
      error={slots.data === undefined ? slots.error : null}
      onRetry={() => slots.refetch()}
      onWeekChange={(next) => amend(({ day: _, ...now }) => ({ ...now, week: next }))}
      onDayChange={(day) => amend((now) => ({ ...now, week, day }))}
      onSelect={(slot) => go((now) => withSlot({ ...now, week, day: slot.localDate }, slot))}
    />
  )
}
