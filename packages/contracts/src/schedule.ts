import { z } from 'zod'
import { appointmentStatus, appointmentView } from './appointments.ts'
import { clockTime, id, instant, localDate, searchDate } from './values.ts'

/**
 * An appointment as staff see it. Until `busyUntil` its vet is not free: the end and the service's buffer. It has had its
 * status since `statusSince`. `nextStatuses` are the statuses that `appointments.changeStatus` may take it to.
 */
export const dayAppointment = appointmentView.omit({ canCancel: true }).extend({
  busyUntil: instant,
  statusSince: instant,
  notes: z.string().nullable(),
  owner: z.object({ id, fullName: z.string().nullable(), phone: z.string().nullable() }),
  nextStatuses: z.array(appointmentStatus),
})

/** A day from midnight to midnight: 23 or 25 hours where the clinic's clocks change. */
export const scheduleDay = z.object({ date: localDate, startTime: instant, endTime: instant })

/** When a vet works and what is planned. `hours` is null for who keeps none: they have no limits. */
export const vetSchedule = z.object({
  id,
  fullName: z.string(),
  hours: z.array(z.object({ date: localDate, opens: clockTime, closes: clockTime })).nullable(),
  timeOff: z.array(z.object({ startTime: instant, endTime: instant, reason: z.string().nullable() })),
  appointments: z.array(dayAppointment),
})

export const dayInput = z.object({ date: searchDate.optional() })

/** The week, Monday to Sunday, that the date lies in; without one, the clinic's present week. */
export const weekInput = dayInput.extend({ vetId: id })

/**
 * Some days of the clinic: in a day every vet, in a week the one. Each instant carries the clinic's offset of that
 * moment, so its first sixteen characters are the clinic's wall time.
 */
export const scheduleResult = z.object({
  date: localDate,
  today: localDate,
  now: instant,
  timeZone: z.string(),
  days: z.array(scheduleDay),
  vets: z.array(vetSchedule),
})

export type DayAppointment = z.infer<typeof dayAppointment>
export type ScheduleDay = z.infer<typeof scheduleDay>
export type VetSchedule = z.infer<typeof vetSchedule>
export type DayInput = z.input<typeof dayInput>
export type WeekInput = z.input<typeof weekInput>
export type ScheduleResult = z.infer<typeof scheduleResult>
