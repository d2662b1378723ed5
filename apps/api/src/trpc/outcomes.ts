import { ProcedureError } from './failures.ts'

type Outcome = { success: true } | { success: false; error: string }

type Forbidden = { success: false; error: 'FORBIDDEN' }

/**
 * Refusals are data, but for one: a database that answers FORBIDDEN was asked something that no client of ours asks by
 * mistake, and that reaches the client as an error.
 */
export function withoutForbidden<Result extends Outcome>(outcome: Result): Exclude<Result, Forbidden> {
  if (!isAllowed(outcome)) throw new ProcedureError('FORBIDDEN')
  return outcome
}

/** What the database itself says of an appointment that does not exist for the caller. */
export const appointmentNotFound = {
  success: false,
  error: 'NOT_FOUND',
  message: 'Cita no encontrada',
} as const

/** What the database itself says of a pet that does not exist for the caller. */
export const petNotFound = {
  success: false,
  error: 'PET_NOT_FOUND',
  message: 'Mascota no encontrada',
} as const

/** What the database itself says of a client that does not exist for the caller. */
export const clientNotFound = {
  success: false,
  error: 'CLIENT_NOT_FOUND',
  message: 'Cliente no encontrado',
} as const

/** What the database itself says of a service that the clinic does not have. */
export const serviceNotFound = {
  success: false,
  error: 'SERVICE_NOT_FOUND',
  message: 'Servicio no encontrado',
} as const

/** What the database itself says of somebody who is no vet of the clinic. */
export const vetNotFound = {
  success: false,
  error: 'VET_NOT_FOUND',
  message: 'Profesional no encontrado',
} as const

/** What the database itself says of a product that the clinic does not have. */
export const itemNotFound = {
  success: false,
  error: 'ITEM_NOT_FOUND',
  message: 'Este artículo no está a la venta',
} as const

export const unknownTimeZone = {
  success: false,
  error: 'UNKNOWN_TIME_ZONE',
  message: 'Zona horaria desconocida',
} as const

function isAllowed<Result extends Outcome>(outcome: Result): outcome is Exclude<Result, Forbidden> {
  return outcome.success || outcome.error !== 'FORBIDDEN'
}
