import process from 'node:process'
import { type Address, type AddressConfig, readAddress } from '@vetcita/connection/address'
import { pinnedSession } from '@vetcita/connection/session'
import { connectionFailure } from '@vetcita/schema-engine/failures'
import { localDatabaseUrl } from '@vetcita/schema-engine/local-database'
import { serverMessage } from '@vetcita/schema-engine/server-message'
import pg from 'pg'
import { Failure, messageOf } from './failure.ts'
import { repositoryRoot } from './migrations.ts'

const connectionTimeoutMillis = 5_000

/** The database that the commands work on, and the variable that named it. */
export type Target = Address & {
  variable: 'DIRECT_URL' | 'DATABASE_URL' | 'The embedded database'
}

/**
 * Returns the database to which migrations are deployed: `DIRECT_URL`, a direct connection as the tables' owner, or else
 * `DATABASE_URL`, or else this checkout's embedded database if `pnpm start` has created one.
 *
 * @throws Failure if none of these exists, or the address cannot be parsed
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
      'Name the database, as in DIRECT_URL=postgresql://vetcita_owner:secret@127.0.0.1:5432/vetcita, or run "pnpm start" once to create an embedded one.',
    )
  try {
    return { ...readAddress(url, env), variable }
  } catch (error) {
    throw new Failure(`${variable}: ${messageOf(error)}`)
  }
}

/**
 * Returns the address at which the API logs in if it differs from the one that migrations use ({@link readTarget}).
 */
export function readApiTarget(env: NodeJS.ProcessEnv = process.env): Target | undefined {
  const { DIRECT_URL: direct, DATABASE_URL: url } = env
  return direct && url && direct !== url ? readTarget({ DATABASE_URL: url }) : undefined
}

/** Returns `user@host:port/database`, without the password. */
export function describeTarget({ config: { user, host, port, database } }: Target): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
}

/**
 * Opens a new connection, in a session whose settings are the same on every server.
 *
 * @throws Failure whose message contains no password
 */
export async function connect(target: Target, database = target.config.database): Promise<pg.Client> {
  const config: AddressConfig = {
    connectionTimeoutMillis,
    ...target.config,
    database,
    application_name: 'vetcita-ops',
  }
  const client = new pg.Client(config)
  try {
    await client.connect()
    // If an idle connection breaks, the next query reports it.
    client.on('error', () => {})
    await client.query(pinnedSession({ lock_timeout: '0' }))
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw new Failure(
      connectionFailure(error, config).message,
      target.variable === 'The embedded database'
        ? 'It runs while "pnpm start" or "pnpm dev" does.'
        : undefined,
    )
  }
}

/** Runs work on a new connection, which is closed however the work ends. */
export async function withClient<T>(target: Target, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(target)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Runs work and rolls its changes back. A transaction that is already open stays open. */
export async function rolledBack<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const inside = client.getTransactionStatus() === 'T'
  await client.query(inside ? 'savepoint undone' : 'begin')
  try {
    return await work()
  } finally {
    await client.query(inside ? 'rollback to savepoint undone' : 'rollback').catch(() => {})
  }
}

/** Returns the server's message with its detail and hint, or the message of any other error. */
export function databaseMessage(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) return messageOf(error)
  const { message, detail, hint } = error
  return serverMessage({ message, detail, hint })
}

/** Returns the SQLSTATE, if the server gave one. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}
