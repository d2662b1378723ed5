import { z } from 'zod'
import { appointmentStatus, appointmentView, slotOverride } from './appointments.ts'
import { closure } from './slot-rules.ts'
import { calendarDate, clockTime, id, instant, searchDate } from './values.ts'

/**
 * An appointment as staff see it. Until `busyUntil` its vet is not free: the end and the service's buffer. It has had its
 * status since `statusSince`. `nextStatuses` are the statuses that `appointments.changeStatus` may take it to. A squeeze-in is
 * on top of others on purpose; `overrides` are the other rules that staff set aside for its time. A request keeps its time
 * until `holdExpiresAt`.
 */
export const dayAppointment = appointmentView.omit({ canCancel: true }).extend({
  busyUntil: instant,
  statusSince: instant,
  notes: z.string().nullable(),
  owner: z.object({ id, fullName: z.string().nullable(), phone: z.string().nullable() }),
  nextStatuses: z.array(appointmentStatus),
  squeezeIn: z.boolean(),
  overrides: z.array(slotOverride),
})

/** A day from midnight to midnight: 23 or 25 hours when the clinic's clocks change. */
const scheduleDay = z.object({ date: calendarDate, startTime: instant, endTime: instant })

/** When a vet works and what is planned. `hours` is null for a vet who keeps none and can be booked at any time. */
export const vetSchedule = z.object({
  id,
  fullName: z.string(),
  hours: z.array(z.object({ date: calendarDate, opens: clockTime, closes: clockTime })).nullable(),
  timeOff: z.array(z.object({ startTime: instant, endTime: instant, reason: z.string().nullable() })),
  appointments: z.array(dayAppointment),
})

export const dayInput = z.object({ date: searchDate.optional() })

/** The week of the date, Monday to Sunday; by default the clinic's current one. */
export const weekInput = dayInput.extend({ vetId: id })

/**
 * A day of the clinic with every vet, or a week with one.
 */
export const scheduleResult = z.object({
  date: calendarDate,
  today: calendarDate,
  now: instant,
  timeZone: z.string(),
  days: z.array(scheduleDay),
  /** When the whole clinic is closed in that time. */
  closures: z.array(closure),
  vets: z.array(vetSchedule),
})

export type DayAppointment = z.infer<typeof dayAppointment>
export type VetSchedule = z.infer<typeof vetSchedule>
export type ScheduleResult = z.infer<typeof scheduleResult>
