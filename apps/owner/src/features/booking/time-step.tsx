import { dateOf } from '@vetcita/contracts/moment'
import { SlotPicker } from '@vetcita/ui'
import { useWeekOfSlots } from '../../appointment/use-week-of-slots.ts'
import { useClinic } from '../../session/clinic.tsx'
import { ANY_VET, withSlot } from './choice.ts'
import { useChoice } from './use-choice.ts'

/** Asks for day and time. The shown week and day are in the URL too. */
export function TimeStep() {
  const clinic = useClinic()
  const { choice, go, amend } = useChoice()
  const week = choice.week !== undefined && choice.week > clinic.today ? choice.week : clinic.today
  const times = useWeekOfSlots(week, {
    ...(choice.service === undefined ? {} : { serviceId: choice.service }),
    ...(choice.vet === undefined || choice.vet === ANY_VET ? {} : { vetId: choice.vet }),
  })
  return (
    <SlotPicker
      week={week}
      today={clinic.today}
      timeZone={clinic.timeZone}
      day={choice.day}
      {...times}
      selected={choice.time}
      onWeekChange={(next) => amend(({ day: _, ...now }) => ({ ...now, week: next }))}
      onDayChange={(day) => amend((now) => ({ ...now, week, day }))}
      onSelect={(slot) => go((now) => withSlot({ ...now, week, day: dateOf(slot.startTime) }, slot))}
    />
  )
}
