import {
  addClosureInput,
  addClosureResult,
  addTimeOffInput,
  addTimeOffResult,
  clinicRules,
  closuresResult,
  removeClosureInput,
  removeClosureSuccess,
  removeTimeOffInput,
  removeTimeOffResult,
  saveRulesInput,
  saveRulesResult,
  saveServiceInput,
  saveServiceResult,
  serviceSetting,
  setHoursInput,
  setHoursResult,
  setServiceVetsInput,
  setServiceVetsResult,
  timeOffResult,
  vetWeek,
} from '@vetcita/contracts'
import {
  addClosure,
  addTimeOff,
  closuresOf,
  removeClosure,
  removeTimeOff,
  rulesOf,
  saveRules,
  saveService,
  servicesOf,
  setServiceVets,
  setVetHours,
  timeOffOf,
  vetWeeksOf,
} from '@vetcita/db'
import { z } from 'zod'
import { ProcedureError } from '../failures.ts'
import { adminCallProcedure, staffCallProcedure } from '../member-procedure.ts'
import { serviceNotFound, unknownTimeZone, vetNotFound } from '../outcomes.ts'
import { adminProcedure, router, staffProcedure } from '../trpc.ts'
import { staffRouter } from './staff.ts'

/** What an admin decides about the clinic. */
export const settingsRouter = router({
  staff: staffRouter,

  services: adminProcedure.output(z.array(serviceSetting)).query(({ ctx }) => servicesOf(ctx.db, ctx.actor)),

  saveService: adminProcedure
    .input(saveServiceInput)
    .output(saveServiceResult)
    .mutation(async ({ ctx, input }) => {
      const service = await saveService(ctx.db, ctx.actor, input)
      return service === null ? serviceNotFound : { success: true, service }
    }),

  /** Each vet's week, which any staff may read: it says who may be away. */
  hours: staffProcedure.output(z.array(vetWeek)).query(({ ctx }) => vetWeeksOf(ctx.db, ctx.actor)),

  /** Replaces one vet's week. Free slots follow at once, appointments stay. */
  setHours: adminCallProcedure
    .input(setHoursInput)
    .output(setHoursResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(setVetHours, input)).outcome),

  /** Current and coming time off, with the appointments inside it. */
  timeOff: staffProcedure.output(timeOffResult).query(async ({ ctx }) => ({
    timeOff: await timeOffOf(ctx.db, ctx.actor),
  })),

  /** Adds time off and lists the appointments inside it, which the staff then move. */
  addTimeOff: staffProcedure
    .input(addTimeOffInput)
    .output(addTimeOffResult)
    .mutation(async ({ ctx, input }) => {
      const timeOff = await addTimeOff(ctx.db, ctx.actor, input)
      return timeOff === null ? vetNotFound : { success: true, timeOff }
    }),

  removeTimeOff: staffProcedure
    .input(removeTimeOffInput)
    .output(removeTimeOffResult)
    .mutation(async ({ ctx, input }) => {
      await removeTimeOff(ctx.db, ctx.actor, input.timeOffId)
      return { success: true }
    }),

  /** Current and coming closed days of the whole clinic. */
  closures: staffProcedure.output(closuresResult).query(async ({ ctx }) => ({
    closures: await closuresOf(ctx.db, ctx.actor),
  })),

  addClosure: staffCallProcedure
    .input(addClosureInput)
    .output(addClosureResult)
    .mutation(async ({ ctx, input }) => {
      const { startDate, startTime, endDate, endTime, ...rest } = input
      const args = { ...rest, from: `${startDate} ${startTime}`, to: `${endDate} ${endTime}` }
      return (await ctx.call(addClosure, args)).outcome
    }),

  removeClosure: staffCallProcedure
    .input(removeClosureInput)
    .output(removeClosureSuccess)
    .mutation(async ({ ctx, input }) => (await ctx.call(removeClosure, input)).outcome),

  /** Says who does a service. */
  setServiceVets: adminCallProcedure
    .input(setServiceVetsInput)
    .output(setServiceVetsResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(setServiceVets, input)).outcome),

  rules: adminProcedure.output(clinicRules).query(async ({ ctx }) => {
    const rules = await rulesOf(ctx.db, ctx.actor)
    if (rules === null) throw new ProcedureError('CLINIC_NOT_FOUND')
    return rules
  }),

  saveRules: adminProcedure
    .input(saveRulesInput)
    .output(saveRulesResult)
    .mutation(async ({ ctx, input }) => {
      return (await saveRules(ctx.db, ctx.actor, input)) ? { success: true } : unknownTimeZone
    }),
})
