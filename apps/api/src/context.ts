import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import type { Database, SignedIn } from '@vetcita/db'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { ChangeFeed } from './live/change-feed.ts'

/** Who is signed in. `id` is also the id of that person's profiles. */
export type SessionUser = SignedIn['user']

/** A signed-in person, their standing with the selected clinic, and the token of the session they come with. */
export type Caller = SignedIn & { token: string }

/** Finds the signed-in person behind a request's cookies and their standing with a clinic, or nobody. */
export type SessionReader = (request: FastifyRequest, clinic: string | null) => Promise<Caller | null>

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
  /** The signed-in person and how they stand with the selected clinic; null for a visitor. */
  signedIn: () => Promise<Caller | null>
}

export type ContextSource = {
  db: Database
  feed: ChangeFeed
  readSession: SessionReader
  request: FastifyRequest
  /** What a subscription sends instead of headers. */
  connectionParams: Readonly<Record<string, string | undefined>> | null
}

export function createContext(source: ContextSource): Context {
  const { db, feed, readSession, request, connectionParams } = source
  // a form on another site cannot send a header; it could send parameters, so no write is named a clinic by them
  const params = request.method === 'GET' ? connectionParams : null
  const slug = clinicSlug.safeParse(request.headers[clinicHeader] ?? params?.[clinicHeader])
  const selectedClinic = slug.success ? slug.data : null
  return {
    db,
    feed,
    log: request.log,
    selectedClinic,
    signedIn: once(() => readSession(request, selectedClinic)),
  }
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  return () => {
    loading ??= load()
    return loading
  }
}
