import {
  bookInput,
  bookResult,
  changeStatusInput,
  changeStatusResult,
  dayInput,
  detailInput,
  detailResult,
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
  bookBySession,
  changeAppointmentStatus,
  clinicSchedule,
  findAppointment,
  rescheduleAppointment,
  setAppointmentNotes,
} from '@vetcita/db'
import { ProcedureError } from '../failures.ts'
import { appointmentNotFound, withoutForbidden } from '../outcomes.ts'
import { suggestSlots } from '../suggestions.ts'
import { membership, ownerProcedure, publicProcedure, router, staffProcedure } from '../trpc.ts'

type Refused = { error: string }

/** Would another time do? */
function isAboutTheTime<Refusal extends Refused>(
  outcome: Refusal,
): outcome is Extract<Refusal, { error: 'SLOT_UNAVAILABLE' | 'VET_AWAY' }> {
  return outcome.error === 'SLOT_UNAVAILABLE' || outcome.error === 'VET_AWAY'
}

export const appointmentsRouter = router({
  /**
   * Books for one's own pet, or, as staff, for any pet of the clinic. Not for everybody, although it starts as a public
   * procedure: who calls is found out by the statement that books, and refused by `membership` as anywhere (ADR 011).
   */
  book: publicProcedure
    .input(bookInput)
    .output(bookResult)
    .mutation(async ({ ctx, input }) => {
      const { anyVet, ...booking } = input
      const booked =
        ctx.sessionToken === null
          ? null
          : await bookBySession(ctx.db, {
              ...booking,
              token: ctx.sessionToken,
              tenantId: ctx.selectedClinic ?? '',
            })
      const { clinic } = membership(ctx, booked?.caller ?? null)
      if (!booked?.outcome) throw new ProcedureError('NOT_STAFF')
      const outcome = withoutForbidden(booked.outcome)
      if (outcome.success || !isAboutTheTime(outcome)) return outcome
      const wish = { ...booking, tenantId: clinic.id, timeZone: clinic.timeZone, anyVet }
      return { ...outcome, suggestions: await suggestSlots(ctx.db, wish) }
    }),

  /** Moves an appointment of one's own pet, or, as staff, of the clinic. */
  reschedule: ownerProcedure
    .input(rescheduleInput)
    .output(rescheduleResult)
    .mutation(async ({ ctx, input }) => {
      const { anyVet, ...move } = input
      const clinic = { tenantId: ctx.clinic.id, timeZone: ctx.clinic.timeZone }
      const place = { ...clinic, userId: ctx.user.id, appointmentId: move.appointmentId }
      const appointment = await findAppointment(ctx.db, place)
      if (appointment === null) return appointmentNotFound
      const outcome = withoutForbidden(
        await rescheduleAppointment(ctx.db, {
          ...move,
          performedBy: ctx.user.id,
          isStaff: ctx.isStaff,
          timeZone: ctx.clinic.timeZone,
        }),
      )
      if (outcome.success || !isAboutTheTime(outcome)) return outcome
      const suggestions = await suggestSlots(ctx.db, {
        ...clinic,
        serviceId: appointment.serviceId,
        vetId: move.newVetId ?? appointment.vetId,
        anyVet,
        startTime: move.newStartTime,
        move: { appointmentId: move.appointmentId, vetId: appointment.vetId, startsAt: appointment.startsAt },
      })
      return { ...outcome, suggestions }
    }),

  /** Owners cancel their own; staff take the clinic's through the day. */
  changeStatus: ownerProcedure
    .input(changeStatusInput)
    .output(changeStatusResult)
    .mutation(async ({ ctx, input }) => {
      const place = { tenantId: ctx.clinic.id, userId: ctx.user.id, appointmentId: input.appointmentId }
      if ((await findAppointment(ctx.db, place)) === null) return appointmentNotFound
      return withoutForbidden(
        await changeAppointmentStatus(ctx.db, {
          ...input,
          performedBy: ctx.user.id,
          isStaff: ctx.isStaff,
        }),
      )
    }),

  /** One appointment with its history: of one's own pet, or, as staff, of the clinic. */
  detail: ownerProcedure
    .input(detailInput)
    .output(detailResult)
    .query(async ({ ctx, input }) => {
      const reader = { userId: ctx.user.id, tenantId: ctx.clinic.id, asStaff: ctx.isStaff }
      const appointment = await appointmentDetail(ctx.db, { ...reader, ...input })
      return appointment === null ? appointmentNotFound : { success: true, appointment }
    }),

  /** The staff's own notes about an appointment. */
  setNotes: staffProcedure
    .input(setNotesInput)
    .output(setNotesResult)
    .mutation(async ({ ctx, input }) => {
      const place = { tenantId: ctx.clinic.id, userId: ctx.user.id, appointmentId: input.appointmentId }
      if ((await findAppointment(ctx.db, place)) === null) return appointmentNotFound
      return withoutForbidden(await setAppointmentNotes(ctx.db, { ...input, performedBy: ctx.user.id }))
    }),

  /** One's own pets' appointments at this clinic. */
  mine: ownerProcedure
    .input(mineInput)
    .output(mineResult)
    .query(({ ctx, input }) =>
      appointmentsOf(ctx.db, { ...input, userId: ctx.user.id, tenantId: ctx.clinic.id }),
    ),

  /** The clinic's day by vet. */
  day: staffProcedure
    .input(dayInput)
    .output(scheduleResult)
    .query(async ({ ctx, input }) => {
      const caller = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const day = await clinicSchedule(ctx.db, { ...caller, unit: 'day', ...input })
      if (day === null) throw new ProcedureError('CLINIC_NOT_FOUND')
      return day
    }),

  /** One vet's week. */
  week: staffProcedure
    .input(weekInput)
    .output(scheduleResult)
    .query(async ({ ctx, input }) => {
      const caller = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const week = await clinicSchedule(ctx.db, { ...caller, unit: 'week', ...input })
      if (week === null) throw new ProcedureError('CLINIC_NOT_FOUND')
      return week
    }),
})
