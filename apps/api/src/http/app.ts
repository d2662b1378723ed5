import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import underPressure from '@fastify/under-pressure'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import { limits } from '@vetcita/contracts'
import type { Database } from '@vetcita/db'
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import { createAuth } from '../auth/auth.ts'
import { authRoute, tokenReader } from '../auth/route.ts'
import { calendarRoute } from '../calendar/calendar-file.ts'
import type { Env } from '../env.ts'
import { ChangeFeed } from '../live/change-feed.ts'
import { loggerOptions } from '../logger.ts'
import { createMailer } from '../mail/mailer.ts'
import { createContext, type TokenReader } from '../trpc/context.ts'
import { procedureCost } from '../trpc/costs.ts'
import { type AppRouter, appRouter } from '../trpc/router.ts'
import { admit, limitRate, RETRY_AFTER_SECONDS } from './admission.ts'
import { healthRoutes } from './health.ts'
import { answerError, answerNotFound, HttpRefusal, trpcPath } from './http-errors.ts'
import { metricsRoute } from './metrics.ts'
import { limitOpen } from './open-per-address.ts'
import { isTrustedOrigin } from './origins.ts'
import { type App, serveApps } from './static.ts'

/** The notes of an appointment are the largest input: 10,000 characters of up to four bytes, some of them escaped. */
const MAX_BODY_BYTES = 128 * 1024

/** The milliseconds after which a connection is closed on which nothing moves, as if its client did not read the answer. */
const SILENT_CONNECTION_MS = 60_000

export type Api = {
  app: FastifyInstance
  /** Makes `/readyz` answer 503 from now on, so that load balancers send no more requests here. */
  startDraining: () => void
}

/** Builds the whole HTTP service: procedures, sessions, health, and the built apps. It does not listen yet. */
export async function buildApi(env: Env, db: Database): Promise<Api> {
  let draining = false
  const app = Fastify({
    logger: loggerOptions(env) ?? false,
    // the onResponse hook below logs one line per request instead of Fastify's two
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    // A client that sends its request byte by byte must not hold a connection for ever. Node looks for such requests at
    // an interval of half a minute by default, and would keep a deadline of seconds by that much late.
    requestTimeout: env.REQUEST_TIMEOUT_MS,
    http: {
      requestTimeout: env.REQUEST_TIMEOUT_MS,
      headersTimeout: env.REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(1_000, env.REQUEST_TIMEOUT_MS),
    },
    // the pings of a live calendar are more frequent
    connectionTimeout: SILENT_CONNECTION_MS,
    trustProxy: (_address, hop) => hop < env.TRUSTED_PROXIES,
    // the path of a batch names every procedure in it
    routerOptions: { maxParamLength: 4096 },
    forceCloseConnections: 'idle',
  })
  const mailer = createMailer(env, app.log)
  const auth = createAuth(db, env, mailer, app.log)

  const feed = new ChangeFeed(db, app.log)

  // open subscriptions would keep the process alive; their clients reconnect elsewhere
  app.addHook('preClose', async () => feed.close())
  // mails that were accepted are sent before the process ends
  app.addHook('onClose', () => mailer.close())
  app.setErrorHandler(answerError)
  app.addHook('onSend', async (_request, reply) => {
    // a kept-alive connection would keep the process alive
    if (draining) reply.header('connection', 'close')
    addRetryAfter(reply)
  })
  app.addHook('onResponse', async (request, reply) => {
    // not parsed by URL, which throws for a request to `//`
    const [path] = request.url.split('?', 1)
    request.log.info(
      { method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    )
  })
  await app.register(helmet, helmetOptions(env))
  await app.register(compress, {
    threshold: 1024,
    // the default of 11 is meant for files that are compressed once and kept
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
  })

  await app.register(healthRoutes, { db, isDraining: () => draining })
  await app.register(metricsRoute, { token: env.METRICS_TOKEN })
  await app.register(async (guarded) => {
    await guard(guarded, env)
    await guarded.register(authRoute, { auth, db, publicUrl: env.PUBLIC_URL })
    const readToken = await tokenReader(auth)
    await guarded.register(procedures, { db, feed, readToken })
    await guarded.register(calendarRoute, {
      db,
      readToken,
      publicUrl: env.PUBLIC_URL,
      sender: env.MAIL_FROM,
    })
  })

  const sendPage = await serveApps(app, builtApps(env))
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !/^\/(trpc|api)(\/|$)/.test(request.url)
    return (isPage && sendPage(request.url, reply)) || answerNotFound(request, reply)
  })

  return {
    app,
    startDraining: () => {
      draining = true
    },
  }
}

/** Registers the checks that come before everything that uses the database. */
async function guard(app: FastifyInstance, env: Env): Promise<void> {
  limitOpen(app, env.MAX_OPEN_PER_ADDRESS, env.TRUSTED_PROXIES > 0)
  await limitRate(app, env.RATE_LIMIT, procedureCost)
  admit(app, env.MAX_IN_FLIGHT, procedureCost)
  await app.register(underPressure, { maxEventLoopDelay: 3_000, retryAfter: 5 })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { origin } = request.headers
    const writes = request.method !== 'GET' && request.method !== 'HEAD'
    if (writes && origin !== undefined && !isTrustedOrigin(env, origin)) {
      throw new HttpRefusal(403, `Origin ${origin} is not trusted`)
    }
  })
}

/** Adds Retry-After to a 503 that has none. */
function addRetryAfter(reply: FastifyReply): void {
  if (reply.statusCode === 503 && !reply.hasHeader('retry-after'))
    reply.header('retry-after', String(RETRY_AFTER_SECONDS))
}

async function procedures(
  app: FastifyInstance,
  { db, feed, readToken }: { db: Database; feed: ChangeFeed; readToken: TokenReader },
): Promise<void> {
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    prefix: trpcPath,
    trpcOptions: {
      router: appRouter,
      maxBatchSize: limits.batchCalls,
      createContext: ({ req, info }) =>
        createContext({ db, feed, readToken, request: req, connectionParams: info.connectionParams }),
      onError: ({ error, path, req }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE') {
          req.log.error({ err: error.cause ?? error, procedure: path }, 'procedure failed')
        }
      },
    },
  }
  // the adapter would accept multipart, which a form on another site can send
  app.addHook('onRequest', async ({ headers }) => {
    const type = headers['content-type']
    if (type !== undefined && !/^application\/json\b/i.test(type))
      throw new HttpRefusal(415, `${type} is not accepted`)
  })
  // A web Response is a stream of unknown length, which would be compressed however short it is, so JSON is sent as text.
  // A subscription stays a stream.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!(payload instanceof Response)) return payload
    if (!payload.headers.get('content-type')?.startsWith('application/json')) return payload
    reply.status(payload.status).headers(Object.fromEntries(payload.headers))
    addRetryAfter(reply)
    return payload.text()
  })
  await app.register(fastifyTRPCPlugin, options)
}

function builtApps(env: Env): App[] {
  const apps: App[] = []
  if (env.OWNER_DIST !== undefined) apps.push({ prefix: '/', dist: env.OWNER_DIST })
  if (env.STAFF_DIST !== undefined) apps.push({ prefix: '/staff/', dist: env.STAFF_DIST })
  return apps
}

function helmetOptions(env: Env) {
  const secure = env.PUBLIC_URL.startsWith('https:')
  return {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // the component library sets sizes in style attributes
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: secure ? [] : null,
      },
    },
    strictTransportSecurity: secure,
  }
}
