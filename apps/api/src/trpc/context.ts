import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import { type Database, type SignedIn, signedInBy } from '@vetcita/db'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { ChangeFeed } from '../live/change-feed.ts'

/** Who is signed in. `id` is also the id of that person's profiles. */
export type SessionUser = SignedIn['user']

/** The token in a request's cookies, if it is one that we signed; whose it is, if anybody's, the database knows. */
export type TokenReader = (request: FastifyRequest) => string | null

/**
 * What a procedure knows. Who calls is looked up once per HTTP request, on first need, and shared by a batch's calls;
 * nothing is remembered from one request to the next.
 */
export type Context = {
  db: Database
  log: FastifyBaseLogger
  feed: ChangeFeed
  /**
   * The clinic that the request selects by header, a subscription by its connection's parameters; null where it names
   * none, or nothing that could be one.
   */
  selectedClinic: string | null
  /** From the request's cookies, signed by us; null where there is none. Whether it is still somebody's is another matter. */
  sessionToken: string | null
  /** The signed-in person and how they stand with the selected clinic; null for a visitor. */
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
  // a form on another site cannot send a header; it could send parameters, so no write is named a clinic by them
  const params = request.method === 'GET' ? connectionParams : null
  const slug = clinicSlug.safeParse(request.headers[clinicHeader] ?? params?.[clinicHeader])
  const selectedClinic = slug.success ? slug.data : null
  const sessionToken = readToken(request)
  return {
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
