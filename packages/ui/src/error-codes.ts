import type {
  AcceptInviteErrorCode,
  BookErrorCode,
  ChangeStatusErrorCode,
  ClaimErrorCode,
  ErrorReason,
  InviteClientErrorCode,
  InviteStaffErrorCode,
  JoinClinicErrorCode,
  MergeCartErrorCode,
  RescheduleErrorCode,
  RevokeInviteErrorCode,
  SaveRulesErrorCode,
  SetCartItemErrorCode,
  SetHoursErrorCode,
  SetNotesErrorCode,
  SetRoleErrorCode,
} from '@vetcita/contracts'

/** Every code with which the contract can refuse or fail a call. */
export type ContractCode =
  | AcceptInviteErrorCode
  | ClaimErrorCode
  | InviteClientErrorCode
  | InviteStaffErrorCode
  | RevokeInviteErrorCode
  | SaveRulesErrorCode
  | SetHoursErrorCode
  | SetNotesErrorCode
  | SetRoleErrorCode
  | BookErrorCode
  | ChangeStatusErrorCode
  | ErrorReason
  | JoinClinicErrorCode
  | MergeCartErrorCode
  | RescheduleErrorCode
  | SetCartItemErrorCode

/** The contract's codes, and what only a client can tell: no session, no answer, an answer that means nothing. */
export type ErrorCode = ContractCode | 'UNAUTHORIZED' | 'TOO_MANY_REQUESTS' | 'CONNECTION_LOST' | 'UNEXPECTED'

/** One sentence per code: what happened and what to do now, for people. A missing one fails the typecheck. */
export type ErrorCatalogue = Record<ErrorCode, string>
