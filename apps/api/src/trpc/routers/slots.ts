import { TRPCError } from '@trpc/server'
import { availableSlotsInput, availableSlotsResult } from '@vetcita/contracts'
import { availableSlots, findAppointment } from '@vetcita/db'
import { ProcedureError } from '../failures.ts'
import { clinicProcedure, router } from '../trpc.ts'

export const slotsRouter = router({
  /** Free starts: for a service, for anyone; for a move, for anyone who may see that appointment. */
  available: clinicProcedure
    .meta({ cost: 5 })
    .input(availableSlotsInput)
    .output(availableSlotsResult)
    .query(async ({ ctx, input }) => {
      const { serviceId: named, appointmentId, ...search } = input
      const clinic = { tenantId: ctx.clinic.id, timeZone: ctx.clinic.timeZone }
      const serviceId = appointmentId === undefined ? named : await serviceOf(appointmentId)
      if (serviceId === undefined) throw new ProcedureError('INVALID_INPUT')
      const slots = await availableSlots(ctx.db, { ...search, ...clinic, serviceId, appointmentId })
      const starts = new Map<string, string[]>()
      for (const { vetId, startTime } of slots) {
        const ofVet = starts.get(vetId)
        if (ofVet === undefined) starts.set(vetId, [startTime])
        else ofVet.push(startTime)
      }
      return {
        timeZone: ctx.clinic.timeZone,
        vets: [...starts].map(([vetId, own]) => ({ vetId, starts: own })),
      }

      async function serviceOf(id: string): Promise<string> {
        const caller = await ctx.signedIn()
        if (caller === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
        const actor = { userId: caller.user.id, tenantId: ctx.clinic.id, isStaff: false }
        const found = await findAppointment(ctx.db, actor, id)
        if (found === null) throw new ProcedureError('NOT_FOUND')
        return found.serviceId
      }
    }),
})
