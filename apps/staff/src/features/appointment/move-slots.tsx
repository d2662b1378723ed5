import { useQuery } from '@tanstack/react-query'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { addDays, SlotPicker, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import type { MoveTarget } from '../../appointment/move-target.ts'

interface MoveSlotsProps {
  appointment: DayAppointment
  schedule: ScheduleResult
  vetId: string
  target: MoveTarget | null
  onChange: (target: MoveTarget) => void
}

/** The vet's free times for an appointment of this length, as if the appointment itself were not in the way. */
export function MoveSlots({ appointment, schedule, vetId, target, onChange }: MoveSlotsProps) {
  const trpc = useTRPC()
  // biome-ignore lint/complexity/useMathMinMax: these are dates in text, which Math.max cannot compare
  const [week, setWeek] = useState(schedule.date > schedule.today ? schedule.date : schedule.today)
  const [open, setOpen] = useState<string | undefined>(undefined)
  const slots = useQuery(
    trpc.slots.available.queryOptions(
      { appointmentId: appointment.id, vetId, from: week, to: addDays(week, 6) },
      { select: slotsOf },
    ),
  )
  return (
    <SlotPicker
      week={week}
      today={schedule.today}
      day={open}
      slots={slots.data}
      selected={target?.startTime}
      {...(vetId === appointment.vet.id ? { current: appointment.startTime } : {})}
      error={slots.data === undefined ? slots.error : null}
      onRetry={() => slots.refetch()}
      onWeekChange={(next) => {
        setWeek(next)
        setOpen(undefined)
      }}
      onDayChange={setOpen}
      onSelect={onChange}
    />
  )
}
