import { ProcedureError } from './failures.ts'

export type Outcome = { success: true } | { success: false; error: string }

type Forbidden = { success: false; error: 'FORBIDDEN' }

export type Allowed<Result extends Outcome> = Exclude<Result, Forbidden>

/**
 * Returns an outcome unless it is the refusal FORBIDDEN, which is thrown. Every other refusal is data; the database answers
 * FORBIDDEN only to requests that none of our clients makes by mistake.
 */
export function withoutForbidden<Result extends Outcome>(outcome: Result): Allowed<Result> {
  if (!isAllowed(outcome)) throw new ProcedureError('FORBIDDEN')
  return outcome
}

/** The database's refusal for an appointment that does not exist for the caller. */
export const appointmentNotFound = {
  success: false,
  error: 'NOT_FOUND',
  message: 'Cita no encontrada',
} as const

/** The database's refusal for a pet that does not exist for the caller. */
export const petNotFound = {
  success: false,
  error: 'PET_NOT_FOUND',
  message: 'Mascota no encontrada',
} as const

/** The database's refusal for a client that does not exist for the caller. */
export const clientNotFound = {
  success: false,
  error: 'CLIENT_NOT_FOUND',
  message: 'Cliente no encontrado',
} as const

/** The database's refusal for a service that the clinic does not have. */
export const serviceNotFound = {
  success: false,
  error: 'SERVICE_NOT_FOUND',
  message: 'Servicio no encontrado',
} as const

/** The database's refusal for someone who is not a vet of the clinic. */
export const vetNotFound = {
  success: false,
  error: 'VET_NOT_FOUND',
  message: 'Profesional no encontrado',
} as const

/** The database's refusal for a product that the clinic does not have. */
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

function isAllowed<Result extends Outcome>(outcome: Result): outcome is Allowed<Result> {
  return outcome.success || outcome.error !== 'FORBIDDEN'
}
