import process from 'node:process'
import { AddressRefused, readAddress } from '@vetcita/connection/address'
import { z } from 'zod'

/** Thrown for an environment that this process cannot run with. Its message is one sentence that names the variable. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)

const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'must be an address such as https://citas.example.com',
  )
  .transform((value) => new URL(value).origin)

const mailServer = 'must be an address such as smtps://user:secret@mail.example.com'

const schema = z.object({
  /** The database, with the login role vetcita_api. */
  DATABASE_URL: z
    .string(
      'must be set to a PostgreSQL address such as postgresql://vetcita_api:secret@localhost:5432/vetcita',
    )
    .superRefine((value, context) => {
      try {
        readAddress(value)
      } catch (error) {
        if (!(error instanceof AddressRefused)) throw error
        context.addIssue({ code: 'custom', message: `must be a PostgreSQL address: ${error.message}` })
      }
    }),
  /** Signs the session cookies; changing it signs all users out. */
  AUTH_SECRET: z
    .string('must be set to at least 32 random characters, as `openssl rand -base64 32` prints')
    .min(32, 'must have at least 32 characters, as `openssl rand -base64 32` prints'),
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().min(1, 'must be an address to listen on such as 127.0.0.1').default('127.0.0.1'),
  /** The address that users type; with https, cookies are Secure. */
  PUBLIC_URL: origin.optional(),
  /** Further origins that browsers may call from, separated by commas. */
  TRUSTED_ORIGINS: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(origin)),
  /** The folders of the built apps. An app whose folder is not set is not served. */
  OWNER_DIST: z.string().min(1, 'must be a folder').optional(),
  STAFF_DIST: z.string().min(1, 'must be a folder').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  DATABASE_POOL_SIZE: wholeNumber(1, 500).default(10),
  /** The milliseconds after which the database cancels a statement; a wait for a lock ends after a third of that. */
  DATABASE_TIMEOUT_MS: wholeNumber(100, 600_000).default(15_000),
  /** The most requests in progress at a time, by their cost; more are refused with 503 and Retry-After. 0 for no limit. */
  MAX_IN_FLIGHT: wholeNumber(0, 100_000).default(200),
  /** The most connections of an address, and requests that have not arrived, at a time. 0 for no limit. */
  MAX_OPEN_PER_ADDRESS: wholeNumber(0, 100_000).default(500),
  /** The milliseconds within which a request has to arrive, its body included. */
  REQUEST_TIMEOUT_MS: wholeNumber(100, 600_000).default(8_000),
  /** Requests per minute and client address, by their cost; 0 for no limit. */
  RATE_LIMIT: wholeNumber(0, 1_000_000).default(1200),
  /** Sign-ins, and sign-ups, per minute and client address; 0 for no limit. */
  SIGN_IN_RATE_LIMIT: wholeNumber(0, 1_000_000).default(20),
  /** The bearer token for /metrics. If unset, only this machine may read it. */
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** The mail server. If unset, mails become files in MAIL_FOLDER. */
  SMTP_URL: z
    .string()
    .refine((value) => URL.canParse(value) && isMailServer(new URL(value)), mailServer)
    .optional(),
  /** The sender of mails: an address, or a name and an address in angle brackets. */
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n"]{1,100} <[^\s<>@"]+@[^\s<>@"]+>|[^\s<>@"]+@[^\s<>@"]+)$/,
      'must be a sender such as Vetcita <citas@example.com>',
    )
    .optional(),
  /** The folder for mails if there is no mail server. */
  MAIL_FOLDER: z.string().min(1, 'must be a folder').default('.vetcita/mails'),
  /** The number of proxies in front whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  /** On SIGTERM, how long requests in progress may take to finish, in milliseconds. */
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000).default(10_000),
})

export type Env = Omit<z.output<typeof schema>, 'PUBLIC_URL' | 'MAIL_FROM'> & {
  PUBLIC_URL: string
  MAIL_FROM: string
}

/**
 * Reads and validates the environment.
 *
 * @throws EnvironmentError that names the first variable with a bad value
 */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  // in a file of variables, an empty value means "not set"
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new EnvironmentError(`${String(issue?.path[0])} ${issue?.message}.`)
  }
  const { PUBLIC_URL = `http://localhost:${result.data.PORT}`, MAIL_FROM } = result.data
  return {
    ...result.data,
    PUBLIC_URL,
    MAIL_FROM: MAIL_FROM ?? `Vetcita <no-reply@${new URL(PUBLIC_URL).hostname}>`,
  }
}

function isMailServer({ protocol, hostname, pathname, username, password }: URL): boolean {
  // a percent sign that starts no escape sequence could not be decoded later
  const isEncoded = !/%(?![0-9a-f]{2})/i.test(username + password)
  return /^smtps?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && isEncoded
}
