import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import { type Database, type SignedIn, signedInBy } from '@vetcita/db'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { ChangeFeed } from '../live/change-feed.ts'

/** The signed-in user. `id` is also the id of their profiles. */
export type SessionUser = SignedIn['user']

/** Returns the session token in a request's cookies if we signed it; whose it is, if anyone's, the database knows. */
export type TokenReader = (request: FastifyRequest) => string | null

/**
 * The context of a procedure. The caller is looked up once per HTTP request, on first need, and shared by the calls of a batch;
 * nothing is kept from one request to the next.
 */
export type Context = {
  /** Identifies the HTTP request: equal calls of a batch share one result. */
  batch: object
  db: Database
  log: FastifyBaseLogger
  feed: ChangeFeed
  /**
   * The clinic that the request selects by header, a subscription by its connection's parameters; null if it names none,
   * or something that cannot be one.
   */
  selectedClinic: string | null
  /** From the request's cookies, signed by us, if any. The session may have ended. */
  sessionToken: string | null
  /** Returns the signed-in user and their membership of the selected clinic; null for a visitor. */
  signedIn: () => Promise<SignedIn | null>
}

export type ContextSource = {
  db: Database
  feed: ChangeFeed
  readToken: TokenReader
  request: FastifyRequest
  /** What a subscription sends instead of headers. */
  connectionParams: Readonly<Record<string, string | undefined>> | null
}

export function createContext(source: ContextSource): Context {
  const { db, feed, readToken, request, connectionParams } = source
  // A form on another site cannot send a header, but it could send parameters: those select no clinic for a write.
  const params = request.method === 'GET' ? connectionParams : null
  const slug = clinicSlug.safeParse(request.headers[clinicHeader] ?? params?.[clinicHeader])
  const selectedClinic = slug.success ? slug.data : null
  const sessionToken = readToken(request)
  return {
    batch: {},
    db,
    feed,
    log: request.log,
    selectedClinic,
    sessionToken,
    signedIn: once(async () =>
      sessionToken === null ? null : await signedInBy(db, sessionToken, selectedClinic),
    ),
  }
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  return () => {
    loading ??= load()
    return loading
  }
}
