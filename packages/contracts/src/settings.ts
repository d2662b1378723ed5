import { z } from 'zod'
import { visit } from './clients.ts'
import { serviceBooking } from './clinic.ts'
import { apiRefusalCodes, setHoursErrorCodes } from './codes.ts'
import { limits } from './limits.ts'
import {
  clockTime,
  id,
  instant,
  line,
  refusal,
  requiredText,
  searchDate,
  text,
  wallTime,
  within,
} from './values.ts'

const money = z.number().min(0).max(9_999_999_999).multipleOf(0.01)

/** A service as its clinic keeps it, active or not. */
export const serviceSetting = z.object({
  id,
  name: z.string(),
  durationMinutes: z.int(),
  bufferMinutes: z.int(),
  price: z.number(),
  isActive: z.boolean(),
  booking: serviceBooking,
  category: z.string().nullable(),
  position: z.int(),
  preparation: z.string().nullable(),
  /** null: for every species */
  species: z.array(z.string()).nullable(),
  /** who does it; none is everybody */
  vetIds: z.array(id),
})

/** Changes apply to new bookings; an appointment keeps the length and buffer that it was booked with. */
export const saveServiceInput = z.object({
  /** Without it, a new service. */
  serviceId: id.optional(),
  name: requiredText(limits.serviceName),
  durationMinutes: within(limits.serviceDuration),
  bufferMinutes: within(limits.serviceBuffer),
  price: money,
  isActive: z.boolean(),
  booking: serviceBooking.default('online'),
  /** empty for none */
  category: line(limits.serviceCategory).default(''),
  position: within({ min: 0, max: 100_000 }).default(0),
  /** empty for none */
  preparation: text(limits.servicePreparation).default(''),
  /** empty for every species */
  species: z.array(requiredText(limits.species)).max(limits.serviceSpecies).default([]),
})

export const saveServiceResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), service: serviceSetting }),
  refusal(['SERVICE_NOT_FOUND']),
])

/** A stretch of a vet's week in the clinic's wall time; `24:00` closes at midnight. Two on a day leave a break. */
export const weekSpan = z.object({
  weekday: z.int().min(1).max(7),
  opens: wallTime,
  closes: clockTime,
})

export const vetWeek = z.object({ id, fullName: z.string(), hours: z.array(weekSpan) })

export const setHoursInput = z.object({ vetId: id, hours: z.array(weekSpan).max(70) })

export const setHoursResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), vetId: id, hours: z.int() }),
  refusal(setHoursErrorCodes),
])

/** Time off. `appointments` are the active ones inside it. */
export const timeOff = z.object({
  id,
  vet: z.object({ id, fullName: z.string() }),
  startTime: instant,
  endTime: instant,
  reason: z.string().nullable(),
  appointments: z.array(visit),
})

export const timeOffResult = z.object({ timeOff: z.array(timeOff) })

/** From a date and time to another, both of the clinic; the whole day is from 00:00 to 00:00 of the next. */
export const addTimeOffInput = z
  .object({
    vetId: id,
    startDate: searchDate,
    startTime: wallTime,
    endDate: searchDate,
    endTime: wallTime,
    reason: text(limits.timeOffReason).optional(),
  })
  .refine((input) => `${input.startDate}T${input.startTime}` < `${input.endDate}T${input.endTime}`, {
    message: 'Must be after its start',
    path: ['endTime'],
  })

export const addTimeOffResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), timeOff }),
  refusal(['VET_NOT_FOUND']),
])

export const removeTimeOffInput = z.object({ timeOffId: id })
export const removeTimeOffResult = z.object({ success: z.literal(true) })

/** What a clinic decides about itself. */
export const clinicRules = z.object({
  name: z.string(),
  timeZone: z.string(),
  changeNoticeMinutes: z.int(),
  bookLeadMinutes: z.int(),
  bookHorizonDays: z.int(),
  /** null: no limit */
  maxOpenAppointments: z.int().nullable(),
  /** An owner whose address is not confirmed may have one open appointment. */
  limitUnconfirmed: z.boolean(),
  graceMinutes: z.int(),
  /** The names of every zone that the database knows. */
  timeZones: z.array(z.string()),
})

export const saveRulesInput = z.object({
  name: requiredText(limits.clinicName),
  timeZone: z.string().min(1).max(64),
  changeNoticeMinutes: within(limits.changeNotice),
  bookLeadMinutes: within(limits.bookLead).optional(),
  bookHorizonDays: within(limits.bookHorizon).optional(),
  maxOpenAppointments: within(limits.openAppointments).nullable().optional(),
  limitUnconfirmed: z.boolean().optional(),
  graceMinutes: within(limits.grace).optional(),
})

export const saveRulesResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true) }),
  refusal(apiRefusalCodes),
])

/** A product as its clinic keeps it, on sale or not. */
export const inventoryProduct = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  price: z.number(),
  stock: z.int(),
  isActive: z.boolean(),
})

export const inventoryResult = z.object({
  currency: z.string(),
  locale: z.string(),
  products: z.array(inventoryProduct),
})

const product = z.object({
  name: requiredText(limits.productName),
  /** empty for none */
  description: text(limits.productDescription),
  /** empty for none */
  category: line(limits.productCategory),
  price: money,
  stock: within({ min: 0, max: limits.stock }),
  isActive: z.boolean(),
})

/**
 * Changes of an existing product are partial, so that saving a price does not undo a colleague's count of the stock.
 * Without a `productId` it is a new one, which needs a name and a price; by default it has no stock and is on sale.
 */
export const saveProductInput = z.union([
  product.partial().extend({ productId: id }),
  product.partial().required({ name: true, price: true }).extend({ productId: z.undefined().optional() }),
])

export const saveProductResult = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), product: inventoryProduct }),
  refusal(['ITEM_NOT_FOUND']),
])

/** Adds to a product's stock or takes from it, whatever others do at the same time. It never falls below 0. */
export const stepStockInput = z.object({
  productId: id,
  by: within({ min: -limits.stock, max: limits.stock }),
})

export const removeProductInput = z.object({ productId: id })

export type ServiceSetting = z.infer<typeof serviceSetting>
export type SaveServiceInput = z.input<typeof saveServiceInput>
export type WeekSpan = z.infer<typeof weekSpan>
export type VetWeek = z.infer<typeof vetWeek>
export type TimeOff = z.infer<typeof timeOff>
export type AddTimeOffInput = z.input<typeof addTimeOffInput>
export type ClinicRules = z.infer<typeof clinicRules>
export type SaveRulesInput = z.input<typeof saveRulesInput>
export type InventoryProduct = z.infer<typeof inventoryProduct>
