import { TRPCError } from '@trpc/server'
import {
  type AvailableSlots,
  availableSlotsInput,
  availableSlotsResult,
  explainSlotInput,
  explainSlotResult,
  type Slot,
} from '@vetcita/contracts'
import { availableSlots, explainSlot, findAppointment } from '@vetcita/db'
import { ProcedureError } from '../failures.ts'
import { staffCallProcedure } from '../member-procedure.ts'
import { clinicProcedure, router } from '../trpc.ts'

export const slotsRouter = router({
  /** Every rule that refuses a time, for staff. */
  explain: staffCallProcedure
    .input(explainSlotInput)
    .output(explainSlotResult)
    .query(async ({ ctx, input }) => (await ctx.call(explainSlot, input)).outcome),

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
      return { timeZone: ctx.clinic.timeZone, ...compact(slots) }

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

/** Groups slots by vet. They are in order of time, and of each time the first is whose turn it is. */
function compact(slots: readonly Slot[]): Omit<AvailableSlots, 'timeZone'> {
  const vets: { vetId: string; starts: string[] }[] = []
  const places = new Map<string, number>()
  const turns: number[] = []
  let last: string | undefined
  for (const { vetId, startTime } of slots) {
    const place = places.get(vetId) ?? vets.push({ vetId, starts: [] }) - 1
    places.set(vetId, place)
    vets[place]?.starts.push(startTime)
    if (startTime !== last) turns.push(place)
    last = startTime
  }
  return { vets, turns }
}
