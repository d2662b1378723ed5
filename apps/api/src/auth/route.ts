import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpRefusal } from '../http/http-errors.ts'
import type { TokenReader } from '../trpc/context.ts'
import { fromDatabase, ProcedureError } from '../trpc/failures.ts'
import { type Auth, authPath, clientAddressHeader } from './auth.ts'
import { type AuthRoute, authRoutes } from './routes.ts'
import { sessionToken } from './session-token.ts'

/** The longest body of a form: a password of 128 characters, an address and a name of at most four bytes each take half. */
const MAX_FORM_BYTES = 4096

/** The longest User-Agent that a session keeps. A header may have 16 kB, and a row is written with each sign-in. */
const MAX_USER_AGENT = 400

/**
 * Mounts the session library's handler, which takes a web Request and returns a Response, at the routes of `authRoutes`
 * and nowhere else.
 */
export async function authRoute(
  app: FastifyInstance,
  { auth, db, publicUrl }: { auth: Auth; db: Database; publicUrl: string },
): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '' || isJson(String(body))) done(null, body)
    else done(new HttpRefusal(400, 'The body is not JSON'))
  })
  for (const route of authRoutes) {
    app.route({
      method: route.method,
      url: `${authPath}${route.path}`,
      bodyLimit: MAX_FORM_BYTES,
      handler: async (request, reply) => {
        const response = await handle(route, () => toWebRequest(request, route, publicUrl))
        reply.status(response.status)
        for (const [name, value] of response.headers) {
          if (name !== 'set-cookie' && name !== 'content-length') reply.header(name, value)
        }
        for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
        return reply.send(withoutTokens(await response.text()))
      },
    })
  }

  async function handle({ path }: AuthRoute, request: () => Request): Promise<Response> {
    try {
      let response = await auth.handler(request())
      // Of two sign-ups of one address at once, one fails to insert. It finds the account now, and answers as it should.
      if (path === '/sign-up/email' && response.status === 422) response = await auth.handler(request())
      if (response.status < 500 && response.status !== 422) return response
    } catch (error) {
      throw fromDatabase(error) ?? error
    }
    // the library answers any failure of the database with its own 500, so the database is checked for the cause
    const state = await checkReadiness(db)
    if (!state.ready)
      throw new ProcedureError(state.code === 'MIGRATIONS_PENDING' ? 'FUNCTION_MISSING' : state.code)
    throw new Error('The session library failed')
  }
}

/** Returns a reader of the session's token in a request's cookies; reading does not prolong the session. */
export async function tokenReader(auth: Auth): Promise<TokenReader> {
  const { authCookies, secret } = await auth.$context
  const cookie = { name: authCookies.sessionToken.name, secret }
  return (request) => sessionToken(request.headers.cookie, cookie)
}

/**
 * Returns a body without the session's token, which the library repeats in its answers. The cookie is HttpOnly so that no
 * script reads it; an injected one would read it here.
 */
function withoutTokens(body: string): string {
  if (!isJson(body)) return body
  return JSON.stringify(JSON.parse(body, (key, value) => (key === 'token' ? undefined : value)))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Returns the request as the library takes it. The path is the route's own, so that both routers mean the same one.
 *
 * @throws HttpRefusal if it has a field that the route does not take
 */
function toWebRequest(request: FastifyRequest, route: AuthRoute, publicUrl: string): Request {
  const { search, searchParams } = new URL(request.url, publicUrl)
  const body = typeof request.body === 'string' && request.body !== '' ? request.body : null
  for (const name of [...searchParams.keys(), ...fieldsOf(body)])
    if (!route.fields.includes(name)) throw new HttpRefusal(400, `${name} is not a field of ${route.path}`)
  return new Request(new URL(`${authPath}${route.path}${search}`, publicUrl), {
    method: request.method,
    headers: toWebHeaders(request),
    body,
  })
}

function fieldsOf(body: string | null): string[] {
  const parsed: unknown = body === null ? {} : JSON.parse(body)
  return typeof parsed === 'object' && parsed !== null ? Object.keys(parsed) : []
}

function toWebHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  headers.set('user-agent', (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT))
  headers.set(clientAddressHeader, request.ip)
  return headers
}
