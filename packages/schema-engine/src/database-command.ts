import pg from 'pg'
import { openPool, readUrl } from './connection.ts'
import { SchemaEngineError } from './failures.ts'
import type { DatabaseCommand } from './invocation.ts'

/**
 * Runs `cli <command>`: tries the connection, or creates or drops the URL's database through the database `postgres` on
 * the same server.
 *
 * @throws SchemaEngineError P1000, P1001, P1003, P1009 (already exists), P1010, P1011 or P1013
 */
export async function runDatabaseCommand(command: DatabaseCommand, url: string): Promise<void> {
  const connection = readUrl(url)
  const { database } = connection
  if (command === 'can-connect-to-database') {
    const pool = await openPool(connection)
    return await pool.end()
  }
  const pool = await openPool(connection, 'postgres')
  const verb = command === 'create-database' ? 'create' : 'drop'
  try {
    await pool.query(`${verb} database ${pg.escapeIdentifier(database)}`)
  } catch (error) {
    throw databaseFailure(error, verb, connection)
  } finally {
    await pool.end()
  }
}

function databaseFailure(
  error: unknown,
  verb: string,
  { database, user }: pg.ClientConfig,
): SchemaEngineError {
  const code = error instanceof pg.DatabaseError ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (code === '42P04')
    return new SchemaEngineError('P1009', `Database \`${database}\` already exists on the database server.`)
  if (code === '3D000')
    return new SchemaEngineError('P1003', `Database \`${database}\` does not exist on the database server.`)
  if (code === '42501')
    return new SchemaEngineError('P1010', `\`${user}\` may not ${verb} database \`${database}\`: ${message}.`)
  return new SchemaEngineError('P3000', `Failed to ${verb} database \`${database}\`: ${message}.`)
}
