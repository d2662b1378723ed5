import {
  bookInput,
  bookResult,
  changeStatusInput,
  changeStatusResult,
  dayInput,
  detailInput,
  detailResult,
  editInput,
  editResult,
  mineInput,
  mineResult,
  rescheduleInput,
  rescheduleResult,
  scheduleResult,
  setNotesInput,
  setNotesResult,
  weekInput,
} from '@vetcita/contracts'
import {
  appointmentDetail,
  appointmentsOf,
  bookAppointment,
  changeAppointmentStatus,
  clinicSchedule,
  editAppointment,
  findAppointment,
  rescheduleAppointment,
  setAppointmentNotes,
} from '@vetcita/db'
import { ProcedureError } from '../failures.ts'
import { memberProcedure, staffCallProcedure } from '../member-procedure.ts'
import { appointmentNotFound } from '../outcomes.ts'
import { suggestSlots } from '../suggestions.ts'
import { ownerProcedure, router, staffProcedure } from '../trpc.ts'

type Refused = { error: string }

/** Returns whether another time might be free. */
function isAboutTheTime<Refusal extends Refused>(
  outcome: Refusal,
): outcome is Extract<Refusal, { error: 'SLOT_UNAVAILABLE' | 'VET_AWAY' | 'CLINIC_CLOSED' }> {
  return ['SLOT_UNAVAILABLE', 'VET_AWAY', 'CLINIC_CLOSED'].includes(outcome.error)
}

export const appointmentsRouter = router({
  /** Books for the user's own pet or, as staff, for any pet of the clinic. */
  book: memberProcedure
    .input(bookInput)
    .output(bookResult)
    .mutation(async ({ ctx, input }) => {
      // only staff may choose the duration, write notes and set rules aside
      const isPlain =
        input.durationMinutes === undefined &&
        (input.notes ?? '') === '' &&
        (input.overrides ?? []).length === 0
      const expected = input.expected && {
        duration_minutes: input.expected.durationMinutes,
        price: input.expected.price,
      }
      const args = { ...input, expected }
      const { outcome, clinic, db } = await ctx.call(bookAppointment, args, isPlain ? 'members' : 'staff')
      if (outcome.success || !isAboutTheTime(outcome)) return outcome
      const request = { ...input, tenantId: clinic.id, timeZone: clinic.timeZone }
      return { ...outcome, suggestions: await suggestSlots(db, request) }
    }),

  /** Moves an appointment of the user's own pet or, as staff, of the clinic. */
  reschedule: memberProcedure
    .input(rescheduleInput)
    .output(rescheduleResult)
    .mutation(async ({ ctx, input }) => {
      const { outcome, clinic, actor, db } = await ctx.call(rescheduleAppointment, input)
      if (outcome.success || !isAboutTheTime(outcome)) return outcome
      const appointment = await findAppointment(db, actor, input.appointmentId)
      if (appointment === null) return { ...outcome, suggestions: [] }
      const suggestions = await suggestSlots(db, {
        tenantId: clinic.id,
        timeZone: clinic.timeZone,
        serviceId: appointment.serviceId,
        vetId: input.newVetId ?? appointment.vetId,
        anyVet: input.anyVet,
        startTime: input.newStartTime,
        move: {
          appointmentId: input.appointmentId,
          vetId: appointment.vetId,
          startsAt: appointment.startsAt,
        },
      })
      return { ...outcome, suggestions }
    }),

  /** Cancels an appointment of the user's own pet or, as staff, takes one of the clinic through the day. */
  changeStatus: memberProcedure
    .input(changeStatusInput)
    .output(changeStatusResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(changeAppointmentStatus, input)).outcome),

  /** Corrects pet, service, length or reason: as staff, or the reason of the user's own. */
  edit: memberProcedure
    .input(editInput)
    .output(editResult)
    .mutation(async ({ ctx, input: { appointmentId, expectedVersion, ...wanted } }) => {
      const changes = Object.fromEntries(
        Object.entries({
          pet_id: wanted.petId,
          service_id: wanted.serviceId,
          duration_minutes: wanted.durationMinutes,
          reason: wanted.reason,
        }).filter(([, value]) => value !== undefined),
      )
      return (await ctx.call(editAppointment, { appointmentId, changes, expectedVersion })).outcome
    }),

  /** An appointment with its history: of the user's own pet or, as staff, of the clinic. */
  detail: ownerProcedure
    .input(detailInput)
    .output(detailResult)
    .query(async ({ ctx, input }) => {
      const appointment = await appointmentDetail(ctx.db, ctx.actor, input.appointmentId)
      return appointment === null ? appointmentNotFound : { success: true, appointment }
    }),

  /** Writes the staff's notes about an appointment. */
  setNotes: staffCallProcedure
    .input(setNotesInput)
    .output(setNotesResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(setAppointmentNotes, input)).outcome),

  /** The appointments of the user's own pets at this clinic. */
  mine: ownerProcedure
    .input(mineInput)
    .output(mineResult)
    .query(({ ctx, input }) => appointmentsOf(ctx.db, ctx.actor, input)),

  /** The clinic's day by vet. */
  day: staffProcedure
    .input(dayInput)
    .output(scheduleResult)
    .query(async ({ ctx, input }) => {
      const day = await clinicSchedule(ctx.db, ctx.actor, { unit: 'day', ...input })
      if (day === null) throw new ProcedureError('CLINIC_NOT_FOUND')
      return day
    }),

  /** One vet's week. */
  week: staffProcedure
    .input(weekInput)
    .output(scheduleResult)
    .query(async ({ ctx, input }) => {
      const week = await clinicSchedule(ctx.db, ctx.actor, { unit: 'week', ...input })
      if (week === null) throw new ProcedureError('CLINIC_NOT_FOUND')
      return week
    }),
})
