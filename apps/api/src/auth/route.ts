import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SessionReader, SessionUser } from '../context.ts'
import { fromDatabase, ProcedureError } from '../failures.ts'
import { HttpRefusal } from '../http-errors.ts'
import { type Auth, authPath, clientAddressHeader } from './auth.ts'

/** Mounts the session library's handler: Fastify's request in, a web Request to it, its Response out. */
export async function authRoute(
  app: FastifyInstance,
  { auth, db, publicUrl }: { auth: Auth; db: Database; publicUrl: string },
): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '' || isJson(String(body))) done(null, body)
    else done(new HttpRefusal(400, 'The body is not JSON'))
  })
  app.route({
    method: ['GET', 'POST'],
    url: `${authPath}/*`,
    handler: async (request, reply) => {
      const response = await handle(request)
      reply.status(response.status)
      for (const [name, value] of response.headers) {
        if (name !== 'set-cookie') reply.header(name, value)
      }
      for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
      return reply.send(await response.text())
    },
  })

  async function handle(request: FastifyRequest): Promise<Response> {
    try {
      const response = await auth.handler(toWebRequest(request, publicUrl))
      if (response.status < 500) return response
    } catch (error) {
      throw fromDatabase(error) ?? error
    }
    throw await explain(db)
  }
}

/** Reads who is signed in from a request's cookies, without prolonging the session. */
export function sessionReader(auth: Auth, db: Database): SessionReader {
  return async (request): Promise<SessionUser | null> => {
    if (request.headers.cookie === undefined) return null
    try {
      const found = await auth.api.getSession({
        headers: toWebHeaders(request),
        query: { disableRefresh: true },
      })
      if (found === null) return null
      return { id: found.user.id, name: found.user.name, email: found.user.email }
    } catch (error) {
      request.log.error({ err: error }, 'the session could not be read')
      throw await explain(db)
    }
  }
}

/** Reading a session, the library turns any failure into its own; so whether it was the database has to be asked. */
async function explain(db: Database): Promise<Error> {
  const state = await checkReadiness(db)
  if (!state.ready && state.code === 'DATABASE_UNAVAILABLE') return new ProcedureError('DATABASE_UNAVAILABLE')
  return new Error('The session library failed')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function toWebRequest(request: FastifyRequest, publicUrl: string): Request {
  return new Request(new URL(request.url, publicUrl), {
    method: request.method,
    headers: toWebHeaders(request),
    body: typeof request.body === 'string' && request.body !== '' ? request.body : null,
  })
}

function toWebHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  headers.set(clientAddressHeader, request.ip)
  return headers
}
