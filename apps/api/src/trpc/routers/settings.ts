import {
  addTimeOffInput,
  addTimeOffResult,
  clinicRules,
  removeTimeOffInput,
  removeTimeOffResult,
  saveRulesInput,
  saveRulesResult,
  saveServiceInput,
  saveServiceResult,
  serviceSetting,
  setHoursInput,
  setHoursResult,
  timeOffResult,
  vetWeek,
} from '@vetcita/contracts'
import {
  addTimeOff,
  removeTimeOff,
  rulesOf,
  saveRules,
  saveService,
  servicesOf,
  setVetHours,
  timeOffOf,
  vetWeeksOf,
} from '@vetcita/db'
import { z } from 'zod'
import { ProcedureError } from '../failures.ts'
import { serviceNotFound, unknownTimeZone, vetNotFound, withoutForbidden } from '../outcomes.ts'
import { adminProcedure, router } from '../trpc.ts'
import { staffRouter } from './staff.ts'

/** What an admin decides about the clinic. */
export const settingsRouter = router({
  staff: staffRouter,

  services: adminProcedure
    .output(z.array(serviceSetting))
    .query(({ ctx }) => servicesOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id })),

  saveService: adminProcedure
    .input(saveServiceInput)
    .output(saveServiceResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const service = await saveService(ctx.db, place, input)
      return service === null ? serviceNotFound : { success: true, service }
    }),

  /** Each vet's week. */
  hours: adminProcedure
    .output(z.array(vetWeek))
    .query(({ ctx }) => vetWeeksOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id })),

  /** Replaces one vet's week; slots follow at once, appointments stay. */
  setHours: adminProcedure
    .input(setHoursInput)
    .output(setHoursResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await setVetHours(ctx.db, { ...input, tenantId: ctx.clinic.id, performedBy: ctx.user.id }),
      ),
    ),

  /** Time off that is not over, with the appointments inside it. */
  timeOff: adminProcedure.output(timeOffResult).query(async ({ ctx }) => ({
    timeOff: await timeOffOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id }),
  })),

  /** Adds time off and lists the appointments inside it, for somebody to move. */
  addTimeOff: adminProcedure
    .input(addTimeOffInput)
    .output(addTimeOffResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const timeOff = await addTimeOff(ctx.db, place, input)
      return timeOff === null ? vetNotFound : { success: true, timeOff }
    }),

  removeTimeOff: adminProcedure
    .input(removeTimeOffInput)
    .output(removeTimeOffResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      await removeTimeOff(ctx.db, place, input.timeOffId)
      return { success: true }
    }),

  rules: adminProcedure.output(clinicRules).query(async ({ ctx }) => {
    const rules = await rulesOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id })
    if (rules === null) throw new ProcedureError('CLINIC_NOT_FOUND')
    return rules
  }),

  saveRules: adminProcedure
    .input(saveRulesInput)
    .output(saveRulesResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      return (await saveRules(ctx.db, place, input)) ? { success: true } : unknownTimeZone
    }),
})
