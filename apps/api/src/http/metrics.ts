import { timingSafeEqual } from 'node:crypto'
import { describeFailure } from '@vetcita/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { HttpRefusal } from './http-errors.ts'

const registry = new Registry()
collectDefaultMetrics({ register: registry })

/** The procedures that are one SQL function. PostgreSQL does not count errors per function, so they are counted here. */
const functionOf: Readonly<Record<string, string>> = {
  'appointments.book': 'book_appointment_atomic',
  'appointments.reschedule': 'reschedule_appointment_atomic',
  'appointments.changeStatus': 'change_appointment_status_atomic',
  'clinic.join': 'join_clinic',
  'slots.available': 'available_slots',
  'store.cart': 'merge_cart_atomic',
  'store.mergeCart': 'merge_cart_atomic',
  'store.setItem': 'set_cart_item_atomic',
}

const calls = new Counter({
  name: 'vetcita_procedure_calls_total',
  help: 'Calls by result: success, refused (an expected outcome, by its code) or error.',
  labelNames: ['procedure', 'function', 'result', 'code', 'sql_state'],
  registers: [registry],
})

const durations = new Histogram({
  name: 'vetcita_procedure_duration_seconds',
  help: 'The duration of procedures, database included.',
  labelNames: ['procedure'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
})

type Result = { ok: true; data: unknown } | { ok: false; error: { code: string } }

/**
 * Counts one call of a procedure.
 *
 * @param path the procedure's name from the router, never one that a client invented, since each becomes a time series
 */
export function countCall(path: string, result: Result, seconds: number): void {
  durations.observe({ procedure: path }, seconds)
  calls.inc({ procedure: path, function: functionOf[path] ?? '', ...labelsOf(result) })
}

function labelsOf(result: Result): { result: string; code: string; sql_state: string } {
  if (!result.ok) {
    const { error } = result
    const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.code
    return {
      result: isServiceFault(error.code) ? 'error' : 'refused',
      code: reason,
      sql_state: sqlState(error),
    }
  }
  const { data } = result
  const code =
    typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string'
      ? data.error
      : ''
  return { result: code === '' ? 'success' : 'refused', code, sql_state: '' }
}

/** Returns whether an error is the service's fault and not the caller's. */
function isServiceFault(code: string): boolean {
  return ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT'].includes(code)
}

function sqlState(error: unknown): string {
  return describeFailure(error).sqlState ?? ''
}

/**
 * Serves `/metrics` for Prometheus. If a token is set, requests need `Authorization: Bearer <token>`; otherwise only this
 * machine may read it, since it shows how busy a clinic is. What a proxy on this machine forwards does not come from it.
 */
export async function metricsRoute(
  app: FastifyInstance,
  { token }: { token: string | undefined },
): Promise<void> {
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, token))
      throw new HttpRefusal(403, 'Metrics need a token, or a request from this machine')
    return reply
      .header('content-type', registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics())
  })
}

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

/** Returns whether a request was sent by this machine itself: the connection is, and nothing says that it was forwarded. */
function isOfThisMachine({ socket, headers }: FastifyRequest): boolean {
  if (forwardingHeaders.some((name) => headers[name] !== undefined)) return false
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')
}

function mayRead(request: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return isOfThisMachine(request)
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
