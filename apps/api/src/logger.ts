import type { FastifyServerOptions } from 'fastify'
import { destination } from 'pino'
import type { Env } from './env.ts'

/** What must not be read in a log, wherever it comes up. */
const secrets = [
  'cookie',
  'authorization',
  'password',
  'token',
  'req.headers.cookie',
  'req.headers.authorization',
  'res.headers["set-cookie"]',
  '*.password',
  '*.token',
  '*.cookie',
  '*.authorization',
  '*["set-cookie"]',
]

/**
 * One JSON line per event on standard output, without secrets. Written synchronously: what is logged on the way out is
 * there, and a reader that went away (`… | head`) cannot keep a process from ending, as it does where a buffer waits to
 * be flushed.
 */
export function loggerOptions(env: Pick<Env, 'LOG_LEVEL'>): FastifyServerOptions['logger'] {
  return {
    level: env.LOG_LEVEL,
    redact: { paths: secrets, censor: '[redacted]' },
    stream: destination({ dest: 1, sync: true }),
  }
}
