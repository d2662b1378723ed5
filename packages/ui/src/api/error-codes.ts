import type { ErrorReason, RefusalCode } from '@vetcita/contracts'

/** The contract's codes, and those that only a client knows: no session, no answer, an answer without a meaning. */
export type ErrorCode =
  | RefusalCode
  | ErrorReason
  | 'UNAUTHORIZED'
  | 'TOO_MANY_REQUESTS'
  | 'CONNECTION_LOST'
  | 'UNEXPECTED'

/** One sentence per code: what happened and what to do now, for people. A missing one fails the typecheck. */
export type ErrorCatalogue = Record<ErrorCode, string>
