import process from 'node:process'
import { z } from 'zod'

/** A value of the environment that this process cannot run with; its message is one sentence that names the variable. */
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
  /** Where the API logs in, as the role vetcita_api. */
  DATABASE_URL: z
    .string(
      'must be set to a PostgreSQL address such as postgresql://vetcita_api:secret@localhost:5432/vetcita',
    )
    .refine(
      (value) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol),
      'must be a PostgreSQL address such as postgresql://vetcita_api:secret@localhost:5432/vetcita',
    ),
  /** Signs the session cookies; changing it signs everybody out. */
  AUTH_SECRET: z
    .string('must be set to at least 32 random characters, as `openssl rand -base64 32` prints')
    .min(32, 'must have at least 32 characters, as `openssl rand -base64 32` prints'),
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().min(1, 'must be an address to listen on such as 127.0.0.1').default('127.0.0.1'),
  /** The address that people type; https makes cookies Secure. */
  PUBLIC_URL: origin.optional(),
  /** More origins that a browser may call from, separated by commas. */
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
  /** Folders with the built apps; unset, the app is not served. */
  OWNER_DIST: z.string().min(1, 'must be a folder').optional(),
  STAFF_DIST: z.string().min(1, 'must be a folder').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  DATABASE_POOL_SIZE: wholeNumber(1, 500).default(10),
  /** After how many milliseconds the database ends a statement; a wait for a lock ends after a third of it. */
  DATABASE_TIMEOUT_MS: wholeNumber(100, 600_000).default(15_000),
  /** Requests that are worked on at a time; whoever comes on top is told to come back in a moment. 0 for no limit. */
  MAX_IN_FLIGHT: wholeNumber(0, 100_000).default(200),
  /** Requests per minute and address; 0 for no limit. */
  RATE_LIMIT: wholeNumber(0, 1_000_000).default(1200),
  /** Sign-ins, and sign-ups, per minute and address; 0 for no limit. */
  SIGN_IN_RATE_LIMIT: wholeNumber(0, 1_000_000).default(20),
  /** Who sends it may read /metrics; unset, only this machine may. */
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** The mail server; unset, mails become files in MAIL_FOLDER. */
  SMTP_URL: z
    .string()
    .refine((value) => URL.canParse(value) && isMailServer(new URL(value)), mailServer)
    .optional(),
  /** Whom mails come from: an address, or a name and an address in angle brackets. */
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n"]{1,100} <[^\s<>@"]+@[^\s<>@"]+>|[^\s<>@"]+@[^\s<>@"]+)$/,
      'must be a sender such as Vetcita <citas@example.com>',
    )
    .optional(),
  /** The folder for mails where there is no mail server. */
  MAIL_FOLDER: z.string().min(1, 'must be a folder').default('.vetcita/mails'),
  /** How many proxies in front may name the client's address in X-Forwarded-For. */
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  /** On SIGTERM, how long requests in flight may take to finish, in milliseconds. */
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000).default(10_000),
})

export type Env = Omit<z.output<typeof schema>, 'PUBLIC_URL' | 'MAIL_FROM'> & {
  PUBLIC_URL: string
  MAIL_FROM: string
}

/**
 * Reads and checks the environment.
 * @throws EnvironmentError with one sentence that names the first variable with a bad value
 */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  // an empty value in a file of variables means "not set"
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
  // a percent sign that starts no escape could not be decoded later
  const isEncoded = !/%(?![0-9a-f]{2})/i.test(username + password)
  return /^smtps?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && isEncoded
}
