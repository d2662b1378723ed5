import { z } from 'zod'
import { slotOverride } from './appointments.ts'
import {
  addClosureErrorCodes,
  explainSlotErrorCodes,
  refusalCodes,
  setServiceVetsErrorCodes,
} from './codes.ts'
import { limits } from './limits.ts'
import { id, idempotencyKey, instant, refusal, requiredText, searchDate, wallTime, within } from './values.ts'

/** A time that staff ask about: why can nobody book it? */
export const explainSlotInput = z.object({
  serviceId: id,
  vetId: id,
  startTime: instant,
  petId: id.optional(),
  durationMinutes: within(limits.serviceDuration).optional(),
  /** an appointment that does not conflict with itself */
  appointmentId: id.optional(),
})

export const explainSlotSuccess = z.object({
  success: z.literal(true),
  /**
   * Every rule that refuses the time, in the order in which a booking reports them. `override`: how staff may set it
   * aside; `staff` if it is for pet owners alone; null if it holds for everybody.
   */
  refusals: z.array(
    z.object({
      error: z.enum(refusalCodes),
      message: z.string(),
      override: z.union([slotOverride, z.literal('staff')]).nullable(),
    }),
  ),
})

export const explainSlotResult = z.discriminatedUnion('success', [
  explainSlotSuccess,
  refusal(explainSlotErrorCodes),
])

/** When the whole clinic is closed: from a date and time to another, both of the clinic. */
export const closure = z.object({ id, startTime: instant, endTime: instant, name: z.string() })

export const closuresResult = z.object({ closures: z.array(closure) })

export const addClosureInput = z
  .object({
    startDate: searchDate,
    startTime: wallTime,
    endDate: searchDate,
    endTime: wallTime,
    name: requiredText(limits.closureName),
    idempotencyKey,
  })
  .refine((input) => `${input.startDate}T${input.startTime}` < `${input.endDate}T${input.endTime}`, {
    message: 'Must be after its start',
    path: ['endTime'],
  })

/** `replayed`: this key had already closed the clinic then. */
export const addClosureSuccess = z.object({ success: z.literal(true), closureId: id, replayed: z.boolean() })

export const addClosureResult = z.discriminatedUnion('success', [
  addClosureSuccess,
  refusal(addClosureErrorCodes),
])

export const removeClosureInput = z.object({ closureId: id })

export const removeClosureSuccess = z.object({
  success: z.literal(true),
  closureId: id,
  replayed: z.boolean(),
})

/** Who does a service; nobody is everybody. */
export const setServiceVetsInput = z.object({ serviceId: id, vetIds: z.array(id).max(200) })

export const setServiceVetsSuccess = z.object({ success: z.literal(true), serviceId: id, vets: z.int() })

export const setServiceVetsResult = z.discriminatedUnion('success', [
  setServiceVetsSuccess,
  refusal(setServiceVetsErrorCodes),
])

export type Closure = z.infer<typeof closure>
