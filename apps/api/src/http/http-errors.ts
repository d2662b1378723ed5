import type { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { ErrorReason } from '@vetcita/contracts'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errorDetails, ProcedureError, publicMessage } from '../trpc/failures.ts'

type Code = TRPCError['code']

/** The path under which the tRPC procedures are mounted. */
export const trpcPath = '/trpc'

/** Thrown for a request that is refused before it reaches a procedure. */
export class HttpRefusal extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/**
 * Handles every error that no procedure handled: a body that is too large or malformed, too many requests, a bug. The
 * answer is JSON, in tRPC's shape under its path, and reveals no internals.
 */
export function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = read(error)
  if (failure.status >= 500 && !(error instanceof ProcedureError)) {
    request.log.error({ err: error }, 'request failed')
  }
  return sendFailure(request, reply, failure)
}

/** Answers a request for an address that does not exist. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendFailure(request, reply, {
    status: 404,
    code: 'NOT_FOUND',
    message: 'No existe esta dirección',
    reason: null,
    retryable: false,
  })
}

type Failure = {
  status: number
  code: Code
  message: string
  reason: ErrorReason | null
  retryable: boolean
}

function sendFailure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, code, message, reason, retryable } = failure
  reply.status(status).header('cache-control', 'no-store')
  if (!request.url.startsWith(`${trpcPath}/`)) return reply.send({ code, message, reason, retryable })
  return reply.send({
    error: {
      message,
      code: TRPC_ERROR_CODES_BY_KEY[code],
      data: { code, httpStatus: status, reason, retryable, fields: [] },
    },
  })
}

function read(error: FastifyError | Error): Failure {
  if (error instanceof ProcedureError) {
    const { reason, retryable } = errorDetails(error)
    return {
      status: getHTTPStatusCodeFromError(error),
      code: error.code,
      message: publicMessage(error),
      reason,
      retryable,
    }
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  switch (status) {
    case 403:
      return {
        status,
        code: 'FORBIDDEN',
        message: 'Esta página no puede usar el servicio',
        reason: 'FORBIDDEN',
        retryable: false,
      }
    case 413:
      return {
        status,
        code: 'PAYLOAD_TOO_LARGE',
        message: 'La solicitud es demasiado grande',
        reason: 'INVALID_INPUT',
        retryable: false,
      }
    case 415:
      return {
        status,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        message: 'Formato de solicitud no admitido',
        reason: 'INVALID_INPUT',
        retryable: false,
      }
    case 429:
      return {
        status,
        code: 'TOO_MANY_REQUESTS',
        message: 'Demasiadas solicitudes: espere un momento',
        reason: null,
        retryable: false,
      }
    case 503:
      return {
        status,
        code: 'SERVICE_UNAVAILABLE',
        message: 'El servicio está ocupado: intente de nuevo en un momento',
        reason: 'BUSY',
        retryable: true,
      }
    default:
      if (status >= 400 && status < 500) {
        return {
          status,
          code: 'BAD_REQUEST',
          message: 'Los datos enviados no son válidos',
          reason: 'INVALID_INPUT',
          retryable: false,
        }
      }
      return {
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
        message: 'Ocurrió un error inesperado',
        reason: null,
        retryable: false,
      }
  }
}
