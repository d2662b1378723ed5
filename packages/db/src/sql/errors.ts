/**
 * The only code that knows in which shapes Prisma, its adapter, `pg` and the socket report a failure:
 * - a raw query's error: `P2010` with the adapter's error in `meta.driverAdapterError.cause.originalCode`
 * - a typed query's or a transaction's: `P2034` for both 40001 and 40P01, `P1001`, `P1017` …
 * - a bare `DriverAdapterError`, with the SQLSTATE in `cause.originalCode` and a name in `cause.kind`
 * - errors that the adapter does not know pass through: `pg`'s own, without a code for a connection that ended or a pool
 *   that stayed full, or an AggregateError of one refusal per address
 */

/**
 * - `conflict`: 40001 or 40P01, or what a pooler did to a prepared statement; nothing was done, and it may be run again
 * - `unreachable`: there was no connection, or it broke; whether the statement ran is unknown
 * - `unable`: the server is read-only, its disk is full, or the like (0A000: what a standby cannot do); nothing was done
 * - `busy`: no connection became free in time, or a time limit ended the statement; nothing was done
 * - `not-migrated`: a function, table or column is missing, or the right to it
 * - `constraint`: a constraint refused a value
 * - `other`: a bug
 */
export type DatabaseFailureKind =
  | 'conflict'
  | 'unreachable'
  | 'unable'
  | 'busy'
  | 'not-migrated'
  | 'constraint'
  | 'other'

export type DatabaseFailure = { kind: DatabaseFailureKind; sqlState: string | null }

/** Why a database does not serve, for the operator. */
export type DatabaseTrouble =
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'OUT_OF_RESOURCES'
  | 'TOO_MANY_CONNECTIONS'
  | 'NO_CONNECTIONS_ACCEPTED'
  | 'SHUTTING_DOWN'
  | 'LOGIN_REFUSED'
  | 'NO_DATABASE'
  | 'TLS'
  | 'NO_ANSWER'
  | 'TIMED_OUT'

/**
 * 25P02, 26000, 42P05: a transaction that had failed, a prepared statement that a pooler lost or found there already. A
 * plan that a migration made stale (0A000) is another.
 */
const conflicts = new Set(['40001', '40P01', '25P02', '26000', '42P05'])
const notMigrated = new Set(['42883', '42P01', '42703', '3F000'])
/**
 * SQLSTATEs that mean a missing migration only with such a message. Servers translate what they say to people, but neither
 * the names of their routines, which `client.ts` adds, nor what they say of their own bugs.
 */
const notMigratedByMessage: ReadonlyMap<string, RegExp> = new Map([
  // a right that a migration grants is missing; otherwise a policy refused a row
  ['42501', /\[aclcheck_error/],
  // a function or table was dropped between planning and calling; otherwise a bug in the server
  ['XX000', /cache lookup failed for|could not open relation with OID/],
])
const busy = new Set(['53300', '57014', '55P03', '25P03', '25P04'])
const unreachable = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '28P01', '28000', '3D000', '58030'])
const unable = new Set(['0A000', '25006', '53000', '53100', '53200', '53400'])

const troubles: ReadonlyMap<string, DatabaseTrouble> = new Map([
  ['25006', 'READ_ONLY'],
  ['53100', 'DISK_FULL'],
  ['53000', 'OUT_OF_RESOURCES'],
  ['53200', 'OUT_OF_RESOURCES'],
  ['53400', 'OUT_OF_RESOURCES'],
  ['58030', 'OUT_OF_RESOURCES'],
  ['53300', 'TOO_MANY_CONNECTIONS'],
  ['57P03', 'NO_CONNECTIONS_ACCEPTED'],
  ['57P01', 'SHUTTING_DOWN'],
  ['57P02', 'SHUTTING_DOWN'],
  ['28P01', 'LOGIN_REFUSED'],
  ['28000', 'LOGIN_REFUSED'],
  ['3D000', 'NO_DATABASE'],
  ['57P04', 'NO_DATABASE'],
])

const prismaKinds: Readonly<Record<string, DatabaseFailureKind>> = {
  P1000: 'unreachable',
  P1001: 'unreachable',
  P1002: 'unreachable',
  P1003: 'unreachable',
  P1008: 'unreachable',
  P1010: 'unreachable',
  P1011: 'unreachable',
  P1017: 'unreachable',
  P2000: 'constraint',
  P2002: 'constraint',
  P2003: 'constraint',
  P2011: 'constraint',
  P2021: 'not-migrated',
  P2022: 'not-migrated',
  P2024: 'busy',
  P2034: 'conflict',
  P2037: 'busy',
}

const adapterKinds: Readonly<Record<string, DatabaseFailureKind>> = {
  TransactionWriteConflict: 'conflict',
  DatabaseNotReachable: 'unreachable',
  ConnectionClosed: 'unreachable',
  SocketTimeout: 'unreachable',
  TlsConnectionError: 'unreachable',
  TooManyConnections: 'busy',
}

const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])

/** Describes what went wrong, whatever shape it was reported in. Any error that is not a database failure is `other`. */
export function describeFailure(error: unknown): DatabaseFailure {
  let kind: DatabaseFailureKind = 'other'
  for (const layer of layersOf(error)) {
    const sqlState = sqlStateOf(layer)
    if (sqlState !== null) {
      if (sqlState === '0A000' && hasMessage(error, /\[RevalidateCachedQuery\]/))
        return { kind: 'conflict', sqlState }
      const pattern = notMigratedByMessage.get(sqlState)
      if (pattern !== undefined)
        return { kind: hasMessage(error, pattern) ? 'not-migrated' : 'other', sqlState }
      return { kind: kindOfSqlState(sqlState), sqlState }
    }
    if (kind === 'other') kind = kindWithoutSqlState(layer)
  }
  return { kind, sqlState: null }
}

/** Returns why a database does not serve, from a failure of the kinds `unreachable`, `unable` and `busy`. */
export function troubleOf(error: unknown): DatabaseTrouble {
  const { kind, sqlState } = describeFailure(error)
  const known = sqlState === null ? undefined : troubles.get(sqlState)
  if (known !== undefined) return known
  for (const layer of layersOf(error)) {
    if (isTlsFault(layer)) return 'TLS'
    if (layer.code === 'P1000' || isUnansweredLogin(layer)) return 'LOGIN_REFUSED'
    if (layer.code === 'P2037' || layer.kind === 'TooManyConnections') return 'TOO_MANY_CONNECTIONS'
  }
  return kind === 'busy' ? 'TIMED_OUT' : 'NO_ANSWER'
}

/** Returns the SQLSTATE of a failure, or null if it has none. */
export function sqlStateOfFailure(error: unknown): string | null {
  return describeFailure(error).sqlState
}

function kindOfSqlState(sqlState: string): DatabaseFailureKind {
  if (conflicts.has(sqlState)) return 'conflict'
  if (notMigrated.has(sqlState)) return 'not-migrated'
  if (busy.has(sqlState)) return 'busy'
  if (unreachable.has(sqlState) || sqlState.startsWith('08')) return 'unreachable'
  if (unable.has(sqlState)) return 'unable'
  if (sqlState.startsWith('23') || sqlState.startsWith('22')) return 'constraint'
  return 'other'
}

function hasMessage(error: unknown, pattern: RegExp): boolean {
  for (const { message, originalMessage } of layersOf(error))
    for (const text of [message, originalMessage])
      if (typeof text === 'string' && pattern.test(text)) return true
  return false
}

type Layer = Record<string, unknown>

/** Yields the error and everything that it wraps, outermost first. */
function* layersOf(error: unknown, depth = 0): Generator<Layer> {
  if (!isLayer(error) || depth > 5) return
  yield error
  yield* layersOf(error.cause, depth + 1)
  if (isLayer(error.meta)) yield* layersOf(error.meta.driverAdapterError, depth + 1)
  if (Array.isArray(error.errors)) for (const inner of error.errors) yield* layersOf(inner, depth + 1)
}

function sqlStateOf(layer: Layer): string | null {
  if (isSqlState(layer.originalCode)) return layer.originalCode
  // `pg`'s DatabaseError has a severity; a Prisma code such as P2010 only looks like a SQLSTATE
  if (isSqlState(layer.code) && (typeof layer.severity === 'string' || layer.kind === 'postgres'))
    return layer.code
  return null
}

function kindWithoutSqlState(layer: Layer): DatabaseFailureKind {
  const message = typeof layer.message === 'string' ? layer.message : ''
  // `pg` gives these no code
  if (/timeout exceeded when trying to connect/i.test(message)) return 'busy'
  if (
    /connection (terminated|ended|closed)|not queryable|client (was closed|has encountered)/i.test(message)
  ) {
    return 'unreachable'
  }
  if (isTlsFault(layer) || isUnansweredLogin(layer)) return 'unreachable'
  if (layer.code === 'P2028') {
    // no connection in time, or the transaction took too long and was rolled back
    return /unable to start a transaction|expired transaction/i.test(message) ? 'busy' : 'other'
  }
  if (typeof layer.code === 'string') {
    const kind = prismaKinds[layer.code]
    if (kind !== undefined) return kind
    if (socketCodes.has(layer.code)) return 'unreachable'
  }
  if (typeof layer.kind === 'string') return adapterKinds[layer.kind] ?? 'other'
  return 'other'
}

function isTlsFault({ code, kind, message }: Layer): boolean {
  if (kind === 'TlsConnectionError' || code === 'P1011') return true
  if (message === 'The server does not support SSL connections') return true
  return (
    typeof code === 'string' &&
    /^(ERR_(SSL|TLS)_|EPROTO$|(DEPTH_ZERO_)?SELF_SIGNED_|UNABLE_TO_|CERT_)/.test(code)
  )
}

/** `pg` gives up before it sends a password if there is none to send. */
function isUnansweredLogin({ message }: Layer): boolean {
  return typeof message === 'string' && /^SASL: /.test(message)
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null
}

function isSqlState(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9A-Z]{5}$/.test(value)
}
