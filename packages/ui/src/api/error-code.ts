import { errorsEs } from '../i18n/errors-es.ts'
import type { ErrorCode } from './error-codes.ts'

const isErrorCode = (text: unknown): text is ErrorCode =>
  typeof text === 'string' && Object.hasOwn(errorsEs, text)

/** Reads `value[key]` of a value of unknown shape; undefined if there is none. */
export function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined
}

/** Reports whether a call failed without an answer from the API: tRPC's error then carries no data. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TRPCClientError') return false
  const data = property(error, 'data')
  return data === undefined || data === null
}

/**
 * Returns the code whose sentence explains `problem`: a refusal (`{success: false, error}`), an error of the API (its
 * `data.reason`, else tRPC's code), or a call without an answer. Anything unknown is UNEXPECTED.
 */
export function errorCode(problem: unknown): ErrorCode {
  const refusal = property(problem, 'error')
  if (isErrorCode(refusal)) return refusal
  const data = property(problem, 'data')
  if (isUnanswered(problem)) return 'CONNECTION_LOST'
  const reason = property(data, 'reason')
  if (isErrorCode(reason)) return reason
  const code = property(data, 'code')
  if (code === 'BAD_REQUEST') return 'INVALID_INPUT'
  if (code === 'SERVICE_UNAVAILABLE') return 'BUSY'
  return isErrorCode(code) ? code : 'UNEXPECTED'
}
