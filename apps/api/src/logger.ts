import { redact } from '@vetcita/db/sql/redaction'
import type { FastifyServerOptions } from 'fastify'
import { destination } from 'pino'
import type { Env } from './env.ts'

/** The fields of a log record that hold secrets, at the top and one level below. */
const secretFields = [
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
 * Writes one JSON line per event to standard output, without secrets: known fields are censored first, then the finished
 * line is searched for secrets deep inside an error or in the middle of a text.
 *
 * The output is written synchronously. Lines logged on the way out are not lost, and a reader that has gone away
 * (`… | head`) cannot keep the process alive, as it would if a buffer waited to be flushed.
 */
export function loggerOptions(env: Pick<Env, 'LOG_LEVEL'>): FastifyServerOptions['logger'] {
  return {
    level: env.LOG_LEVEL,
    redact: { paths: secretFields, censor: '[redacted]' },
    hooks: { streamWrite: (line: string) => redact(line) },
    stream: destination({ dest: 1, sync: true }),
  }
}
