import process from 'node:process'
import { type Connection, readUrl } from '@vetcita/schema-engine/connection'
import { connectionFailure } from '@vetcita/schema-engine/failures'
import { localDatabaseUrl } from '@vetcita/schema-engine/local-database'
import { serverMessage } from '@vetcita/schema-engine/server-message'
import pg from 'pg'
import { Failure, messageOf } from './failure.ts'
import { repositoryRoot } from './migrations.ts'

/** The database that the commands work on, and the variable that named it. */
export type Target = {
  url: string
  variable: 'DIRECT_URL' | 'DATABASE_URL' | 'The embedded database'
  connection: Connection
}

/**
 * Where migrations log in: `DIRECT_URL`, which goes straight to the server as the tables' owner, else `DATABASE_URL`. With
 * neither it is this clone's embedded database, where `pnpm start` has made one.
 *
 * @throws Failure where there is none of these, or the address cannot be read
 */
export function readTarget(
  env: NodeJS.ProcessEnv = process.env,
  local: () => string | undefined = () => localDatabaseUrl(repositoryRoot),
): Target {
  const url = env.DIRECT_URL || env.DATABASE_URL || local()
  const variable = env.DIRECT_URL ? 'DIRECT_URL' : env.DATABASE_URL ? 'DATABASE_URL' : 'The embedded database'
  if (!url)
    throw new Failure(
      'Neither DIRECT_URL nor DATABASE_URL is set.',
      'Name the database, as in DIRECT_URL=postgresql://vetcita_owner:secret@127.0.0.1:5432/vetcita, or run "pnpm start" once for one of this clone\'s own.',
    )
  try {
    return { url, variable, connection: readUrl(url) }
  } catch (error) {
    throw new Failure(`${variable}: ${messageOf(error)}`)
  }
}

/**
 * Where the API logs in, when that is another address than the one of the migrations (see {@link readTarget}); undefined
 * where there is one address for both.
 */
export function readApiTarget(env: NodeJS.ProcessEnv = process.env): Target | undefined {
  const { DIRECT_URL: direct, DATABASE_URL: url } = env
  return direct && url && direct !== url ? readTarget({ DATABASE_URL: url }) : undefined
}

/** `user@host:port/database`, and never the password. */
export function describeTarget({ connection: { config } }: Target): string {
  const { user = '', host = 'localhost', port = 5432, database } = config
  return `${user === '' ? '' : `${user}@`}${host}:${port}/${database}`
}

/**
 * Opens a connection of its own.
 *
 * @throws Failure with a sentence that holds no password
 */
export async function connect(target: Target, database?: string): Promise<pg.Client> {
  const { connection } = target
  const config = {
    ...connection.config,
    database: database ?? connection.config.database,
    application_name: 'vetcita-ops',
  }
  const attempts = connection.tlsIsOptional ? [config, { ...config, ssl: false }] : [config]
  let refused: unknown
  for (const attempt of attempts) {
    const client = new pg.Client(attempt)
    try {
      await client.connect()
      // A connection that breaks while nobody uses it: the next query says so.
      client.on('error', () => {})
      return client
    } catch (error) {
      refused = error
      await client.end().catch(() => {})
      if (!/does not support SSL/.test(messageOf(error))) break
    }
  }
  throw new Failure(
    connectionFailure(refused, config).message,
    target.variable === 'The embedded database'
      ? 'It runs while "pnpm start" or "pnpm dev" does.'
      : undefined,
  )
}

/** Works on a connection of its own, which is closed however the work ends. */
export async function withClient<T>(target: Target, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(target)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Work whose changes are all undone; inside of a transaction, that one goes on. */
export async function rolledBack<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const inside = client.getTransactionStatus() === 'T'
  await client.query(inside ? 'savepoint undone' : 'begin')
  try {
    return await work()
  } finally {
    await client.query(inside ? 'rollback to savepoint undone' : 'rollback').catch(() => {})
  }
}

/** What the server said, with its hint; or whatever else went wrong, as text. */
export function databaseMessage(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) return messageOf(error)
  const { message, detail, hint } = error
  return serverMessage({ message, detail, hint })
}

/** The SQLSTATE, where the server gave one. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}
