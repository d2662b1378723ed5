import { TRPCError } from '@trpc/server'
import type { ErrorDetails, ErrorReason } from '@vetcita/contracts'
import { describeFailure } from '@vetcita/db'
import { ZodError } from 'zod'

type Code = TRPCError['code']

type Kind = { code: Code; message: string; retryable?: true }

/** The status and sentence of each expected failure of a procedure. The reason is for programs, the sentence for people. */
const kinds: Readonly<Record<ErrorReason, Kind>> = {
  CLINIC_MISSING: { code: 'BAD_REQUEST', message: 'Falta indicar la clínica' },
  CLINIC_NOT_FOUND: { code: 'NOT_FOUND', message: 'Clínica no encontrada' },
  NOT_A_MEMBER: { code: 'FORBIDDEN', message: 'Todavía no forma parte de esta clínica' },
  NOT_STAFF: { code: 'FORBIDDEN', message: 'Solo para el personal de la clínica' },
  NOT_ADMIN: { code: 'FORBIDDEN', message: 'Solo para quien administra la clínica' },
  FORBIDDEN: { code: 'FORBIDDEN', message: 'No tiene permiso para realizar esta operación' },
  NOT_FOUND: { code: 'NOT_FOUND', message: 'Cita no encontrada' },
  INVALID_INPUT: { code: 'BAD_REQUEST', message: 'Los datos enviados no son válidos' },
  DATABASE_UNAVAILABLE: {
    code: 'SERVICE_UNAVAILABLE',
    message: 'El servicio no está disponible en este momento',
    retryable: true,
  },
  BUSY: {
    code: 'SERVICE_UNAVAILABLE',
    message: 'El servicio está ocupado: intente de nuevo en un momento',
    retryable: true,
  },
  FUNCTION_MISSING: { code: 'SERVICE_UNAVAILABLE', message: 'El servicio se está actualizando' },
}

/** An error with a reason that a client may act on. */
export class ProcedureError extends TRPCError {
  readonly reason: ErrorReason
  readonly retryable: boolean

  constructor(reason: ErrorReason, cause?: unknown) {
    const kind = kinds[reason]
    super({ code: kind.code, message: kind.message, cause })
    this.reason = reason
    this.retryable = kind.retryable === true
  }
}

/** Returns what a database failure means to a client; null if it is a bug of ours. */
export function fromDatabase(error: unknown): ProcedureError | null {
  switch (describeFailure(error).kind) {
    case 'unreachable':
    case 'unable':
      return new ProcedureError('DATABASE_UNAVAILABLE', error)
    case 'busy':
    case 'conflict':
      return new ProcedureError('BUSY', error)
    case 'not-migrated':
      return new ProcedureError('FUNCTION_MISSING', error)
    default:
      return null
  }
}

/** Returns what a client receives besides the code: never a stack, a statement or an internal value. */
export function errorDetails(error: TRPCError): ErrorDetails {
  if (error instanceof ProcedureError) return { reason: error.reason, retryable: error.retryable, fields: [] }
  if (error.code === 'BAD_REQUEST' || error.code === 'PARSE_ERROR') {
    return { reason: 'INVALID_INPUT', retryable: false, fields: fieldsOf(error.cause) }
  }
  return { reason: null, retryable: false, fields: [] }
}

/** Returns an error's sentence for people, which reveals nothing about an unexpected error. */
export function publicMessage(error: TRPCError): string {
  if (error instanceof ProcedureError) return error.message
  switch (error.code) {
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      return kinds.INVALID_INPUT.message
    case 'UNAUTHORIZED':
      return 'Inicie sesión para continuar'
    case 'NOT_FOUND':
      return 'No existe esa operación'
    case 'INTERNAL_SERVER_ERROR':
      return 'Ocurrió un error inesperado'
    default:
      return 'No se pudo procesar la solicitud'
  }
}

function fieldsOf(cause: unknown): ErrorDetails['fields'] {
  if (!(cause instanceof ZodError)) return []
  return cause.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
}
