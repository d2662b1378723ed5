import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { serverMessage } from './server-message.ts'

/** Hears what the server says of the scripts that run in one database. */
export type ScriptListener = {
  /** A notice or warning, see {@link serverMessage}. */
  notice: (text: string) => void
  failure: (error: ScriptError) => void
}

/**
 * Runs a script as one message of the simple query protocol, as `psql -c` does: the server itself finds where
 * statements end (so `$$` bodies survive), and statements outside of an explicit `begin … commit` are one transaction.
 * However it ends, the connection is left outside of a transaction, or the engine could write nothing down about it.
 *
 * @throws ScriptError with the server's message, its hint, and the line that it points at
 */
export async function runScript(pool: pg.Pool, script: string, hears: ScriptListener): Promise<void> {
  const client = await pool.connect()
  const listener = (notice: Parameters<typeof serverMessage>[0]) => hears.notice(serverMessage(notice))
  let lost: Error | undefined
  const onLost = (error: Error) => {
    lost = error
  }
  client.on('notice', listener).on('error', onLost)
  try {
    await client.query(script)
    if (client.getTransactionStatus() !== 'I') throw new UnfinishedTransaction()
  } catch (error) {
    client.removeListener('notice', listener)
    // Outside of a transaction this is a warning, to nobody. The client doesn't know yet whether it is inside of one.
    // A connection that is lost needs none.
    await client.query('rollback').catch(onLost)
    const failure = scriptError(error, script)
    hears.failure(failure)
    throw failure
  } finally {
    client.removeListener('notice', listener).removeListener('error', onLost)
    client.release(lost)
  }
}

/** A script that failed, and with it everything that it had done in its last transaction. */
export class ScriptError extends DriverAdapterError {
  /** The server's SQLSTATE; absent where the connection was lost. */
  readonly sqlState: string | undefined

  constructor(message: string, sqlState: string | undefined) {
    // A code would make the engine replace the server's words by fewer of its own.
    super({
      kind: 'postgres',
      code: 'N/A',
      severity: 'ERROR',
      message,
      detail: undefined,
      column: undefined,
      hint: undefined,
    })
    this.sqlState = sqlState
  }
}

class UnfinishedTransaction extends Error {
  override message = 'The script ends inside a transaction, which was rolled back: a "commit;" is missing.'
}

function scriptError(error: unknown, script: string): ScriptError {
  if (!(error instanceof pg.DatabaseError)) {
    return new ScriptError(error instanceof Error ? error.message : String(error), undefined)
  }
  const { code, message, detail, hint, where, position } = error
  const line = position === undefined ? undefined : lineOf(script, Number(position))
  return new ScriptError(serverMessage({ message, detail, hint, where }, line), code)
}

/** The line, from 1, that the character `position` (from 1, counted as the server counts) stands on. */
function lineOf(script: string, position: number): number {
  return [...script].slice(0, position - 1).filter((character) => character === '\n').length + 1
}
