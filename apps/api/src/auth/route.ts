import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpRefusal } from '../http/http-errors.ts'
import type { TokenReader } from '../trpc/context.ts'
import { fromDatabase, ProcedureError } from '../trpc/failures.ts'
import { type Auth, authPath, clientAddressHeader } from './auth.ts'
import { sessionToken } from './session-token.ts'

/** Mounts the session library's handler, which takes a web Request and returns a Response. */
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
    // the library answers any failure of the database with its own 500, so the database is checked for the cause
    const state = await checkReadiness(db)
    if (!state.ready && state.code === 'DATABASE_UNAVAILABLE')
      throw new ProcedureError('DATABASE_UNAVAILABLE')
    throw new Error('The session library failed')
  }
}

/** Returns a reader of the session's token in a request's cookies; reading does not prolong the session. */
export async function tokenReader(auth: Auth): Promise<TokenReader> {
  const { authCookies, secret } = await auth.$context
  const cookie = { name: authCookies.sessionToken.name, secret }
  return (request) => sessionToken(request.headers.cookie, cookie)
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
