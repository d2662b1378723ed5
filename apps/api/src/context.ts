import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import { type Database, type Standing, standingAt } from '@vetcita/db'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'

/** Who is signed in. `id` is also the id of that person's profiles. */
export type SessionUser = { id: string; name: string; email: string }

/** Finds the signed-in person behind a request's cookies, or nobody. */
export type SessionReader = (request: FastifyRequest) => Promise<SessionUser | null>

/**
 * What a procedure knows. The session and the person's standing are looked up once per HTTP request, on first need,
 * and shared by a batch's calls; nothing is remembered from one request to the next.
 */
export type Context = {
  db: Database
  log: FastifyBaseLogger
  /** The clinic that the request selects by header; null where it names none, or nothing that could be one. */
  selectedClinic: string | null
  signedIn: () => Promise<SessionUser | null>
  /** How the signed-in person stands with the selected clinic; null where there is no such clinic. */
  standing: (userId: string, tenantId: string) => Promise<Standing | null>
}

export function createContext(db: Database, readSession: SessionReader, request: FastifyRequest): Context {
  const slug = clinicSlug.safeParse(request.headers[clinicHeader])
  return {
    db,
    log: request.log,
    selectedClinic: slug.success ? slug.data : null,
    signedIn: once(() => readSession(request)),
    standing: oncePerKey((userId, tenantId) => standingAt(db, userId, tenantId)),
  }
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  return () => {
    loading ??= load()
    return loading
  }
}

function oncePerKey<Value>(
  load: (userId: string, tenantId: string) => Promise<Value>,
): (userId: string, tenantId: string) => Promise<Value> {
  const loading = new Map<string, Promise<Value>>()
  return (userId, tenantId) => {
    const key = `${userId} ${tenantId}`
    const value = loading.get(key) ?? load(userId, tenantId)
    loading.set(key, value)
    return value
  }
}
