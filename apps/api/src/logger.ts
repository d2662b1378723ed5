import type { FastifyServerOptions } from 'fastify'
import { destination } from 'pino'
import type { Env } from './env.ts'

/** What must not be read in a log, wherever it comes up: in a line's own fields and one below. */
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

const secretFields =
  /"(cookie|set-cookie|authorization|password|newPassword|currentPassword|token|secret|connectionString)":(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi
const secretsInText: ReadonlyArray<readonly [RegExp, string]> = [
  // an address with a password in it, as errors of drivers repeat it
  [/\b(postgres(?:ql)?|smtps?):\/\/[^\s"'\\@/]*@/gi, '$1://[redacted]@'],
  [/(__Secure-)?vetcita\.(session_token|known-\w+)=[^\s";,\\]+/gi, '$1vetcita.$2=[redacted]'],
  [/\b(bearer|basic) [\w.~+/=-]+/gi, '$1 [redacted]'],
  [/(\/reset-password\/)[^\s"?]+/gi, '$1[redacted]'],
]

/** The last look at a line, for secrets deep inside of an error or in the middle of a text. */
export function withoutSecrets(line: string): string {
  return secretsInText.reduce(
    (text, [pattern, instead]) => text.replace(pattern, instead),
    line.replace(secretFields, '"$1":"[redacted]"'),
  )
}

/**
 * One JSON line per event on standard output, without secrets. Written synchronously: what is logged on the way out is
 * there, and a reader that went away (`… | head`) cannot keep a process from ending, as it does where a buffer waits to
 * be flushed.
 */
export function loggerOptions(env: Pick<Env, 'LOG_LEVEL'>): FastifyServerOptions['logger'] {
  return {
    level: env.LOG_LEVEL,
    redact: { paths: secrets, censor: '[redacted]' },
    hooks: { streamWrite: withoutSecrets },
    stream: destination({ dest: 1, sync: true }),
  }
}
